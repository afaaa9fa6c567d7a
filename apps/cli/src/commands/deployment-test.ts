import type { Command } from 'commander';
import { durationOption, urlOption } from '../options/parsers.js';
import { examples } from '../output/examples.js';
import { defaultServer } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';

interface Flags {
  readonly environment: string;
  readonly server?: string;
  readonly within: number;
  readonly json?: true;
}

export function registerDeploymentTest(parent: Command, shell: Shell): void {
  const test = parent
    .command('deployment-test')
    .description('Test a distributed installation from within: deploy/deploy_monitoring.sh test calls this.')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        ['moola deployment-test run --environment deployment-test', 'the services must serve it: MOOLA_ENVIRONMENTS'],
        ['moola deployment-test remove --environment deployment-test', 'once no service serves it any more'],
      ),
    );
  test
    .command('run')
    .description(
      'Send telemetry of a slow SimpleLSTM until a snapshot, an alert, an incident and its notification are seen.',
    )
    .requiredOption('--environment <name>', 'an environment of the test alone')
    .option('--server <url>', `the console's address (default: MOOLA_SERVER, else ${defaultServer})`, urlOption)
    .option('--within <duration>', 'how long it may take', durationOption, 180_000)
    .option('--json', 'print JSON')
    .action(async ({ environment, server, within, json }: Flags) => {
      const say = (line: string): void => (json ? undefined : shell.print(line));
      const at = server ?? shell.env['MOOLA_SERVER'] ?? defaultServer;
      const { operations } = shell.dependencies;
      const answer = await operations.deploymentTest({ environment, server: at, withinMs: within, say }, shell.env);
      if (!answer.ok) return shell.fail(answer.problems.join('\nmoola: '));
      if (json) shell.json(answer.seen);
    });
  test
    .command('remove')
    .description('Remove the topics, groups and checkpoints of an environment of a test.')
    .requiredOption('--environment <name>', 'its name begins with "deployment-test"')
    .action(async ({ environment }: Flags) => {
      const answer = await shell.dependencies.operations.removeDeploymentTest(environment, shell.env);
      if (!answer.ok) return shell.fail(answer.problems.join('\nmoola: '));
      const { topics, groups, tasks } = answer.removed;
      shell.print(`removed ${topics} topics, ${groups} consumer groups and ${tasks} checkpoints of ${environment}`);
    });
}
