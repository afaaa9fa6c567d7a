import type { DeadLetterPageView, DeadLetterView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { countOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { table, type Column } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { bytes, counted, instant, shortened } from '../../output/words.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { deadLettersPath } from './path.js';

interface Flags extends ServerFlags {
  readonly limit: number;
  readonly before?: string;
  readonly json?: true;
}

/** How much of a detail a line shows; `show` has all of it. */
const detailWidth = 80;

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List dead letters, the newest first.'))
    .addOption(new Option('--limit <count>', 'at most so many').argParser(countOption).default(50))
    .option('--before <id>', 'only those that are older than this one: the next page')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola dead-letters list', 'the newest fifty'],
        ['moola dead-letters list --json | jq -r .deadLetters[].id', 'their ids'],
      ),
    )
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const query = new URLSearchParams({ limit: String(flags.limit) });
      if (flags.before !== undefined) query.set('before', flags.before);
      const answer = await server.get<DeadLetterPageView>(`${deadLettersPath(flags.environment)}?${query.toString()}`);
      if (!answer.ok) return shell.fail(answer.problem);
      const { deadLetters, total, next } = answer.value;
      if (flags.json) return shell.json(answer.value);
      if (deadLetters.length === 0) return shell.print(`no dead letters in environment ${flags.environment}`);
      shell.print(table(shell, deadLetters, columns));
      if (next !== null) shell.note(`${counted(total, 'dead letter')} in all; the next page: --before ${next}`);
    });
}

const columns: readonly Column<DeadLetterView>[] = [
  { title: 'ID', cell: ({ id }) => printable(id) },
  { title: 'TIME (UTC)', cell: ({ atMs }) => instant(atMs) },
  { title: 'TIMES', side: 'right', cell: ({ times }) => String(times) },
  { title: 'ORIGIN', cell: ({ origin }) => printable(origin) },
  { title: 'REASON', cell: ({ reason }) => reason },
  { title: 'ENCODING', cell: ({ encoding }) => printable(encoding) },
  { title: 'SIZE', side: 'right', cell: ({ size }) => bytes(size) },
  { title: 'DETAIL', cell: ({ detail }) => shortened(printable(detail), detailWidth) },
];
