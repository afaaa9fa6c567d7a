import { Argument, type Command } from 'commander';
import { examples } from '../../output/examples.js';
import { connect } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { sendCommand, withCommand, type CommandFlags } from './command.js';

export function registerJudge(parent: Command, shell: Shell): void {
  withCommand(
    parent
      .command('judge')
      .description('Say whether the alert of an incident was right, open or resolved. A later verdict replaces it.')
      .argument('<incident>', 'its id, as `moola incidents list` shows it')
      .addArgument(
        new Argument('<verdict>', 'whether something was really wrong').choices(['real', 'false', 'unclear']),
      )
      .option('--note <text>', 'why', ''),
  )
    .addHelpText(
      'after',
      examples(
        ['moola incidents judge Fraud~AccuracyDrop~1 real', 'something was wrong'],
        ['moola incidents judge Fraud~AccuracyDrop~1 false --note "labels were late"', 'a false alarm'],
      ),
    )
    .action(async (incident: string, verdict: string, flags: CommandFlags & { note: string }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { user } = shell.dependencies;
      const said = { kind: 'judge', verdict, note: flags.note } as const;
      const answer = await sendCommand(server, flags, { incident, said, user });
      if (answer.ok) shell.print(`judged ${incident} ${verdict} as ${answer.value.who}`);
      else shell.fail(answer.problem);
    });
}
