import type { Shell } from '../shell/shell.js';

export interface Column<T> {
  readonly title: string;
  readonly side?: 'left' | 'right';
  cell(row: T): string;
  /** Styles a cell that has been filled up to its column's width. */
  style?(row: T, cell: string): string;
}

/** An aligned table, its titles in capitals. Nothing is cut: what is too wide wraps in the terminal. */
export function table<T>(shell: Shell, rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((line) => (line[i] ?? '').length)));
  const fill = (text: string, i: number): string => {
    if (columns[i]?.side === 'right') return text.padStart(widths[i] ?? 0);
    // Nothing follows the last column.
    return i === columns.length - 1 ? text : text.padEnd(widths[i] ?? 0);
  };
  const titles = columns.map(({ title }, i) => shell.style('bold', fill(title, i))).join('  ');
  const lines = rows.map((row, line) =>
    columns
      .map(({ style }, i) => {
        const cell = fill(cells[line]?.[i] ?? '', i);
        return style === undefined ? cell : style(row, cell);
      })
      .join('  ')
      .trimEnd(),
  );
  return [titles, ...lines].join('\n');
}

/** Names and what they are, one a line, aligned; of what is `null` nothing is said. */
export function fields(shell: Shell, pairs: readonly (readonly [string, string | null])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${shell.style('dim', name.padEnd(width))}  ${value}`)
    .join('\n');
}
