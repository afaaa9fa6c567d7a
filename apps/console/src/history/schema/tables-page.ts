import { tables } from '../projections/projections.js';
import { columnsOf, keyOf, type Table } from './table.js';

/** `docs/history-tables.md`: every table of history and its columns. */
export function tablesPage(): string {
  return `# Tables of history

<!-- Generated from apps/console/src/history/projections by \`node tools/docs/history.mjs\`. Do not edit. -->

What they are for: [history.md](history.md). How they are read: [api.md](api.md). An \`instant\` is a timestamp in CSV and Parquet (UTC), and
milliseconds since the epoch in JSON, where its name ends in \`Ms\`. Columns marked * tell rows apart.

${tables.map(section).join('\n\n')}
`;
}

function section(table: Table): string {
  const key = keyOf(table);
  const rows = columnsOf(table).map(
    ({ name, type, text }) => `| \`${name}\`${key.includes(name) ? ' *' : ''} | ${type} | ${text} |`,
  );
  const days = (ms: number) => `${Math.round(ms / 86_400_000)} days`;
  const kept =
    table.kind === 'rollup'
      ? `By the minute for ${days(table.kept.minutesMs)}, by ten minutes for ${days(table.kept.tenMinutesMs)}, by the hour for ${days(table.kept.hoursMs)}.`
      : `Kept for ${days(table.keptMs)}, at most ${table.mostRows.toLocaleString('en')} rows.`;
  return [
    `## ${table.name}`,
    '',
    `${table.text} ${kept}`,
    '',
    '| Column | Type | Meaning |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}
