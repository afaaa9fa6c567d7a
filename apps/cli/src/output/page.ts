import type { Shell } from '../shell/shell.js';
import { table, type Column } from './table.js';

/** Prints a page of rows, and how to get the others. @param nothing said where there are none */
export async function printPage<Row>(
  shell: Shell,
  { rows, total }: { readonly rows: readonly Row[]; readonly total: number },
  columns: () => Promise<Column<Row>[]>,
  nothing: string,
): Promise<void> {
  shell.print(rows.length > 0 ? table(shell, rows, await columns()) : nothing);
  if (rows.length < total) shell.note(`${rows.length} of ${total}: add --limit ${total} for all of them`);
}
