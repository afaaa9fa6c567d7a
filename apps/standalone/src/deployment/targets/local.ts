import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { addressVariables } from '@moola/testbed/parts';
import { programPath } from '@moola/testbed/command';
import { repository } from '../../compose/compose-file.js';
import { channelsTask, prometheusTask, streamsTask } from '../connections.js';
import { isRunning, localFolder, LocalFiles, type LocalState } from '../local/state.js';
import type { DeploymentOptions } from '../options.js';
import type { Programs } from '../programs.js';
import { LeftOut } from '../steps.js';
import type { ServiceStatus, Target, Task } from '../target.js';
import { definitionsTask } from './definitions-text.js';

/** Kafka, Redis and seven services start one after the other, on a busy machine. */
const startedWithinMs = 480_000;
const endedWithinMs = 120_000;

/** Processes of this machine, for a look and for tests: their data goes with them. */
export class LocalTarget implements Target {
  readonly prerequisites: readonly Task[];
  readonly configuration: readonly Task[];
  readonly connectivity: readonly Task[];
  readonly deployment: readonly Task[];
  readonly removal: readonly Task[];
  readonly ownTests: readonly Task[] = [];
  private readonly files: LocalFiles;

  constructor(
    private readonly options: DeploymentOptions,
    private readonly programs: Programs,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.files = new LocalFiles(localFolder(environment));
    this.prerequisites = [
      { title: 'Node', run: async () => process.versions.node },
      { title: 'Programs of Kafka and Redis', run: async () => this.serverPrograms() },
    ];
    this.configuration = [{ title: 'Built', run: async () => this.built() }, definitionsTask(options.definitions)];
    this.connectivity = [
      streamsTask(() => this.streamVariables()),
      prometheusTask(
        () => environment['MOOLA_PROMETHEUS_URL'] ?? new LeftOut('MOOLA_PROMETHEUS_URL does not say where it is'),
      ),
      channelsTask(environment),
    ];
    this.deployment = [
      { title: 'Kafka, Redis and the services', run: () => this.deploy() },
      {
        title: 'Apply definitions',
        run: async () => {
          if (options.definitions.length === 0) return new LeftOut('none is given');
          return (await this.moola('console', ['apply', ...options.definitions.map((file) => resolve(file))])).trim();
        },
      },
    ];
    this.removal = [{ title: 'Kafka, Redis and the services', run: () => this.end() }];
  }

  async addresses() {
    const services = this.files.state()?.services ?? [];
    const of = (service: string): string => services.find((each) => each.service === service)?.address ?? '';
    if (services.length === 0) return [];
    return [
      ['Console: page and API', of('console')],
      ['Events', `${of('collector')}/v1/events`],
      ['Log of its processes', this.files.log],
    ] as const;
  }

  async status(): Promise<readonly ServiceStatus[]> {
    const services = this.files.state()?.services ?? [];
    return Promise.all(
      services.map(async ({ service, pid, address }) => {
        if (!isRunning(pid)) return { service, state: 'has ended', ready: false };
        const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
        const ready = answer?.ok === true;
        return { service, state: ready ? `ready at ${address}` : `process ${pid} is not ready`, ready };
      }),
    );
  }

  async served(): Promise<readonly string[]> {
    return this.files.state()?.environments ?? ['live'];
  }

  async serve(environments: readonly string[]): Promise<string> {
    if (this.programs.dryRun) return `the services would serve ${environments.join(', ')}`;
    const state = this.running();
    this.files.writeWish({ environments, port: this.files.wish()?.port ?? this.options.port });
    process.kill(state.pid, 'SIGHUP');
    await this.until(({ environments: served }) => served.join() === environments.join(), state.pid);
    return environments.join(', ');
  }

  moola(_service: 'console' | 'notifier', args: readonly string[]): Promise<string> {
    const state = this.programs.dryRun ? null : this.running();
    const server = state?.services.find(({ service }) => service === 'console')?.address ?? '<console>';
    const variables = { ...state?.variables, MOOLA_SERVER: server };
    if (state === null) return this.programs.run('moola', args, { variables: { MOOLA_SERVER: server } });
    const main = join(repository, 'apps/cli/dist/main.js');
    return this.programs.run(process.execPath, [main, ...args], { folder: repository, variables });
  }

  private running(): LocalState {
    const state = this.files.state();
    if (state === null) throw new Error('nothing is deployed here: deploy/deploy_monitoring.sh deploys');
    return state;
  }

  private given(variable: string): boolean {
    return (this.environment[variable] ?? '') !== '';
  }

  private serverPrograms(): string | LeftOut {
    if (this.given(addressVariables.Kafka) && this.given(addressVariables.Redis))
      return new LeftOut('MOOLA_KAFKA_BROKERS and REDIS_URL name servers that run');
    const missing = [
      ...(this.given(addressVariables.Kafka) ? [] : ['java', 'mvn']),
      ...(this.given(addressVariables.Redis) ? [] : ['redis-server']),
    ].filter((program) => programPath(program) === undefined);
    if (missing.length === 0) return 'they are there';
    if (process.getuid?.() === 0 && programPath('apt-get') !== undefined)
      return `${missing.join(', ')} will be installed by apt-get at the first deployment`;
    throw new Error(
      `there is no ${missing.join(', no ')} on the PATH: install default-jre-headless, maven and redis-server, ` +
        'or name servers that run by MOOLA_KAFKA_BROKERS and REDIS_URL',
    );
  }

  private built(): string {
    for (const path of ['apps/cli/dist/main.js', 'apps/console/page/dist/index.html'])
      if (!existsSync(join(repository, path))) throw new Error(`${path} is not there: npm run build`);
    return 'the services and the page';
  }

  private streamVariables() {
    const state = this.files.state();
    if (state !== null) return state.variables;
    if (!this.given(addressVariables.Kafka)) return new LeftOut('nothing is deployed yet: they come with it');
    return { MOOLA_MODE: 'distributed', ...this.environment };
  }

  private async deploy(): Promise<string> {
    if (this.programs.dryRun) return 'Kafka, Redis and seven services would be started on this machine';
    const state = this.files.state();
    if (state !== null) {
      const isWell = (await this.status()).every(({ ready }) => ready);
      if (isWell) return 'run already: nothing to do';
      await this.serve(state.environments);
      // The same environments: what had ended was started.
      await this.until(({ services }) => services.every(({ pid }) => isRunning(pid)), state.pid);
      await this.untilReady();
      return 'what had ended was started again';
    }
    mkdirSync(this.files.folder, { recursive: true });
    this.files.writeWish({ environments: ['live'], port: this.options.port });
    const log = openSync(this.files.log, 'w');
    const daemon = join(repository, 'apps/standalone/dist/deployment/local/daemon.js');
    const child = spawn(process.execPath, [daemon, this.files.folder], {
      ...{ cwd: repository, detached: true, stdio: ['ignore', log, log] },
      env: { ...process.env, ...this.environment },
    });
    child.unref();
    await this.until(() => true, child.pid as number);
    await this.untilReady();
    return `${this.files.state()?.services.length} services run`;
  }

  private async end(): Promise<string> {
    if (this.programs.dryRun) return 'the processes would be ended, and their data removed';
    const state = this.files.state();
    if (state === null) {
      this.files.remove();
      return 'nothing is deployed here';
    }
    process.kill(state.pid, 'SIGTERM');
    const deadline = Date.now() + endedWithinMs;
    while (isRunning(state.pid)) {
      if (Date.now() > deadline) throw new Error(`process ${state.pid} does not end: ${this.files.log} says why`);
      await delay(200);
    }
    return 'ended; their data is removed';
  }

  /** Waits for a state of the process. @throws Error with the end of its log when it ends before */
  private async until(reached: (state: LocalState) => boolean, pid: number): Promise<void> {
    const deadline = Date.now() + startedWithinMs;
    for (;;) {
      const state = this.files.state();
      if (state !== null && state.pid === pid && reached(state)) return;
      const why = !isRunning(pid) ? 'ended' : Date.now() > deadline ? 'is not done in time' : null;
      if (why !== null) {
        throw new Error(
          `the process that holds the deployment ${why}:\n${readFileSync(this.files.log, 'utf8').slice(-3_000)}`,
        );
      }
      await delay(200);
    }
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + startedWithinMs;
    for (;;) {
      const waiting = (await this.status()).filter(({ ready }) => !ready);
      if (waiting.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(
          `not ready in time: ${waiting.map(({ service, state }) => `${service} (${state})`).join(', ')}`,
        );
      await delay(500);
    }
  }
}
