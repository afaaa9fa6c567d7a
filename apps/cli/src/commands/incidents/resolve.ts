import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { connect } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { sendCommand, withCommand, type CommandFlags } from './command.js';

export function registerResolve(parent: Command, shell: Shell): void {
  withCommand(
    parent
      .command('resolve')
      .description('Resolve an incident. Its post-mortem is written then, with the reason.')
      .argument('<incident>', 'its id, as `moola incidents list` shows it')
      .requiredOption('--reason <text>', 'why it is resolved, for the post-mortem'),
  )
    .addHelpText(
      'after',
      examples(['moola incidents resolve Fraud~AccuracyDrop~1 --reason "labels were late"', 'resolve it']),
    )
    .action(async (incident: string, flags: CommandFlags & { reason: string }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { user } = shell.dependencies;
      const answer = await sendCommand(server, flags, {
        incident,
        said: { kind: 'resolve', reason: flags.reason },
        user,
      });
      if (!answer.ok) return shell.fail(answer.problem);
      shell.print(`resolved ${incident} as ${answer.value.who}`);
      if (answer.value.note !== '') shell.print(answer.value.note);
    });
}
