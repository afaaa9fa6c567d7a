import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../compose/compose-file.js';
import { testEnvironmentPattern } from '../deployment-test/remove-environment.js';
import type { DeploymentOptions } from './options.js';
import { Programs } from './programs.js';
import { report } from './report.js';
import { LeftOut, Steps } from './steps.js';
import type { ServiceStatus, Target, Task } from './target.js';
import { ComposeTarget } from './targets/compose.js';
import { KubernetesTarget } from './targets/kubernetes.js';
import { LocalTarget } from './targets/local.js';

const targets = { local: LocalTarget, compose: ComposeTarget, kubernetes: KubernetesTarget } as const;

/**
 * Carries a command out, and ends with its report: said, and written to a file.
 * @returns the exit code
 */
export async function runDeployment(
  options: DeploymentOptions,
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<number> {
  const beganMs = Date.now();
  const programs = new Programs(say, options.dryRun);
  const target: Target = new targets[options.target](options, programs, environment);
  const steps = new Steps(say, options.dryRun);
  await carryOut(options, target, steps);
  const services = options.dryRun ? [] : await target.status().catch((): readonly ServiceStatus[] => []);
  const text = report({
    ...{ options, version: version(), beganMs, endedMs: Date.now(), steps: steps.taken, services },
    addresses: services.length === 0 ? [] : await target.addresses().catch(() => []),
  });
  const file = options.report ?? join(repository, `data/deployment/${options.target}-${options.command}.md`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  say(`\n${text}\nThis report is in ${file}`);
  return steps.failed ? 1 : 0;
}

async function carryOut(options: DeploymentOptions, target: Target, steps: Steps): Promise<void> {
  switch (options.command) {
    case 'validate':
      // Everything that is wrong is said at once; but without the programs nothing else can be asked.
      if (!(await all(steps, target.prerequisites))) return;
      await all(steps, [...target.configuration, ...target.connectivity]);
      return;
    case 'deploy':
      if (!(await all(steps, target.prerequisites))) return;
      if (!(await all(steps, target.configuration))) return;
      await oneByOne(steps, target.deployment);
      return;
    case 'test':
      if (!(await all(steps, target.prerequisites))) return;
      return test(options, target, steps);
    case 'clean':
      if (!(await all(steps, target.prerequisites))) return;
      await oneByOne(steps, target.removal);
      return;
  }
}

/** @returns whether none failed */
async function all(steps: Steps, tasks: readonly Task[]): Promise<boolean> {
  let isFine = true;
  for (const { title, run } of tasks) isFine = (await steps.take(title, run)) && isFine;
  return isFine;
}

/** Ends with the first that fails. */
async function oneByOne(steps: Steps, tasks: readonly Task[]): Promise<boolean> {
  for (const { title, run } of tasks) if (!(await steps.take(title, run))) return false;
  return true;
}

async function test(options: DeploymentOptions, target: Target, steps: Steps): Promise<void> {
  const isThere = await steps.take('Services', async () => {
    const services = options.dryRun ? [] : await target.status();
    if (!options.dryRun && services.length === 0) throw new Error('nothing is deployed: deploy first');
    const notReady = services.filter(({ ready }) => !ready);
    if (notReady.length > 0)
      throw new Error(notReady.map(({ service, state }) => `${service} is not ready: ${state}`).join('\n'));
    return `${services.length} are ready`;
  });
  if (!isThere || !(await all(steps, target.ownTests))) return;
  // One process has no Kafka, by which the telemetry of the test comes.
  if (!options.dryRun && (await target.status()).some(({ service }) => service === 'standalone')) {
    const reason = 'everything runs in one pod, without Kafka: docs/quick-start.md sends events over HTTP';
    await steps.take('Telemetry of SimpleLSTM', async () => new LeftOut(reason));
    return;
  }
  const environment = `deployment-test-${randomBytes(4).toString('hex')}`;
  // What a test that was broken off has left behind is served no longer.
  const served = (await target.served()).filter((name) => !testEnvironmentPattern.test(name));
  try {
    const begun = await steps.take(`Environment ${environment}`, () => target.serve([...served, environment]));
    if (!begun) return;
    await steps.take('Telemetry of SimpleLSTM, until its alert is delivered', async () =>
      seen(await target.moola('console', ['deployment-test', 'run', '--environment', environment])),
    );
    await steps.take('Test notification', async () =>
      notified(await target.moola('notifier', ['notify', 'test', '--json'])),
    );
  } finally {
    const left = await steps.take('Environments as before', () => target.serve(served));
    if (left)
      await steps.take(`Topics of ${environment}`, async () =>
        (await target.moola('console', ['deployment-test', 'remove', '--environment', environment])).trim(),
      );
  }
}

function seen(output: string): string {
  return output.trim();
}

function notified(output: string): string | LeftOut {
  if (output.trim() === '') return 'a test message would be sent to every channel';
  const tests = JSON.parse(output) as readonly { readonly channel: string }[];
  if (tests.length === 0)
    return new LeftOut('no channel is configured: notifications are printed (docs/notifications.md)');
  return `delivered to ${tests.map(({ channel }) => channel).join(', ')}`;
}

function version(): string {
  return (JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }).version;
}
