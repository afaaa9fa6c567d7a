import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { connect } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { sendCommand, withCommand, type CommandFlags } from './command.js';

export function registerAcknowledge(parent: Command, shell: Shell): void {
  withCommand(
    parent
      .command('ack')
      .description('Acknowledge an incident: nobody else is paged for it.')
      .argument('<incident>', 'its id, as `moola incidents list` shows it'),
  )
    .addHelpText(
      'after',
      examples(
        ['moola incidents ack Fraud~AccuracyDrop~1', 'as yourself'],
        ['moola incidents ack Fraud~AccuracyDrop~1 --as maria', 'as somebody else'],
      ),
    )
    .action(async (incident: string, flags: CommandFlags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { user } = shell.dependencies;
      const answer = await sendCommand(server, flags, { incident, said: { kind: 'acknowledge' }, user });
      if (answer.ok) shell.print(`acknowledged ${incident} as ${answer.value.who}`);
      else shell.fail(answer.problem);
    });
}
