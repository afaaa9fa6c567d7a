import type { HistoryRowsView } from '@moola/standalone/console-views';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { countOption, instantOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { table } from '../../output/table.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

interface Flags extends ServerFlags {
  readonly from?: number;
  readonly to?: number;
  readonly where: readonly (readonly [string, string])[];
  readonly columns?: string;
  readonly resolution?: string;
  readonly newest?: true;
  readonly limit: number;
  readonly format: 'table' | 'json' | 'csv' | 'parquet';
  readonly output?: string;
}

export function registerQuery(parent: Command, shell: Shell): void {
  withServer(parent.command('query').description('Print rows of a table of history, or write them to a file.'))
    .argument('<table>', '`moola history tables` lists them')
    .option('--from <time>', 'rows from here on, as 2026-01-31T12:00:00Z (default: a day before --to)', instantOption)
    .option('--to <time>', 'exclusive (default: now, by the clock of the environment)', instantOption)
    .option('--where <column=value>', 'only rows with this value; may be given several times', whereOption, [])
    .option('--columns <names>', 'with commas between them (default: all)')
    .option('--resolution <length>', 'length of buckets: 1m, 10m, 1h, 1d (default: by the time asked for)')
    .option('--newest', 'the newest first')
    .addOption(new Option('--limit <number>', 'rows, of table and json').argParser(countOption).default(100))
    .addOption(new Option('--format <format>', 'how').choices(['table', 'json', 'csv', 'parquet']).default('table'))
    .option('--output <file>', 'where csv and parquet go (csv: standard output without it)')
    .addHelpText(
      'after',
      examples(
        ['moola history query incidents --from 2026-01-01T00:00:00Z', 'all incidents of a year'],
        ['moola history query figures --where metric=accuracy --format parquet --output f.parquet', 'for pandas'],
      ),
    )
    .action(async (name: string, flags: Flags) => {
      const { environment, format, output } = flags;
      if (format === 'parquet' && output === undefined) return shell.misuse('--format parquet needs --output <file>');
      const isFile = format === 'csv' || format === 'parquet';
      if (!isFile && output !== undefined) return shell.misuse('--output is for --format csv or parquet');
      const server = connect(shell, flags);
      if (server === null) return;
      const place = `${path('environments', environment, 'history', name)}?${query(flags).toString()}`;
      if (isFile) {
        const answer = output === undefined ? await server.text(place) : await server.file(place, output);
        if (!answer.ok) return shell.fail(answer.problem);
        if (output === undefined) shell.print(String(answer.value).trimEnd());
        else shell.note(`wrote ${answer.value.toLocaleString('en')} bytes to ${output}`);
        return;
      }
      const answer = await server.get<HistoryRowsView>(place);
      if (!answer.ok) return shell.fail(answer.problem);
      if (format === 'json') return shell.json(answer.value);
      printRows(shell, answer.value);
    });
}

function whereOption(text: string, before: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be a column and a value: model=Fraud.');
  return [...before, [text.slice(0, at), text.slice(at + 1)] as const];
}

function query({ from, to, where, columns, resolution, newest, limit, format }: Flags): URLSearchParams {
  const parameters = new URLSearchParams([...where] as [string, string][]);
  const set = (name: string, value: string | number | undefined) =>
    value !== undefined && parameters.set(name, String(value));
  set('from', from);
  set('to', to);
  set('columns', columns);
  set('resolution', resolution);
  if (newest) set('order', 'newest');
  if (format === 'csv' || format === 'parquet') set('format', format);
  else set('limit', limit);
  return parameters;
}

function printRows(shell: Shell, { rows, next, fromMs, toMs, table: name }: HistoryRowsView): void {
  const [first] = rows;
  const span = `from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  if (first === undefined) return shell.note(`no rows in ${name} ${span}`);
  const columns = Object.keys(first).map((column) => ({
    title: column.toUpperCase(),
    cell: (row: HistoryRowsView['rows'][number]) => cellOf(column, row[column]),
  }));
  shell.print(table(shell, rows, columns));
  if (next !== null) shell.note(`there are more rows ${span}: add --limit, or --format csv for all of them`);
}

function cellOf(column: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' && column.endsWith('Ms') && value > 1e11) return new Date(value).toISOString();
  // A text of several lines, such as a post-mortem, would break the table: files have all of it.
  const [line = '', ...more] = (typeof value === 'string' ? value : JSON.stringify(value)).trim().split('\n');
  return printable(more.length === 0 ? line : `${line.trimEnd()} …`);
}
