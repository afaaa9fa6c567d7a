import type { RetryView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { table } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { counted } from '../../output/words.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { deadLettersPath } from './path.js';

export function registerRetry(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('retry')
      .description('Submit the original again, as if it had just come. What was accepted before counts once.')
      .argument('<id>', 'its id, as `moola dead-letters list` shows it'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola dead-letters retry 5f0c', 'once its cause is gone']))
    .action(async (id: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.post<RetryView>(deadLettersPath(flags.environment, id, 'retry'), {});
      if (!answer.ok) return shell.fail(answer.problem);
      const { events } = answer.value;
      const refused = events.filter(({ accepted }) => !accepted);
      if (flags.json) shell.json(answer.value);
      else if (events.length > 0) {
        shell.print(
          table(shell, events, [
            { title: 'EVENT', cell: ({ event }) => printable(event) },
            { title: 'RESULT', cell: ({ accepted }) => (accepted ? 'accepted' : 'refused') },
            { title: 'DETAIL', cell: ({ detail }) => printable(detail) },
          ]),
        );
      }
      if (refused.length > 0) shell.fail(`${refused.length} of ${counted(events.length, 'event')} refused again`);
    });
}
