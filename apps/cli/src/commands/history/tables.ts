import type { HistoryOverview } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { table } from '../../output/table.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

interface Flags extends ServerFlags {
  readonly json?: true;
}

export function registerTables(parent: Command, shell: Shell): void {
  withServer(parent.command('tables').description('List the tables of history, and how far it is.'))
    .option('--json', 'print JSON, with all columns')
    .addHelpText('after', examples(['moola history tables', 'what can be asked for']))
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<HistoryOverview>(path('environments', flags.environment, 'history'));
      if (!answer.ok) return shell.fail(answer.problem);
      const { tables, open, why, behind, gaps } = answer.value;
      if (flags.json) return shell.json(answer.value);
      shell.print(
        table(shell, tables, [
          { title: 'TABLE', cell: ({ name }) => name },
          { title: 'ROWS', side: 'right', cell: ({ rows }) => rows.toLocaleString('en') },
          { title: 'WHAT', cell: ({ text }) => text },
        ]),
      );
      if (!open) shell.note(`history stands still: ${why}`);
      else if (behind > 0) shell.note(`history is ${behind.toLocaleString('en')} records behind`);
      for (const { topic, records } of gaps)
        shell.note(`${topic}: ${records.toLocaleString('en')} records were gone before history came to read them`);
    });
}
