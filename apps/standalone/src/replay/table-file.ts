import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantMs, readInstant, type LocalTime } from '@moola/contracts/instants/read-instant';
import { zoneHint } from './csv-row.js';
import { readCsvRows } from './csv-rows.js';
import { readTextFile } from './text-file.js';

export type TableReading<T> =
  { readonly ok: true; readonly rows: readonly T[] } | { readonly ok: false; readonly problems: readonly string[] };

/** Says what is wrong with a row. */
export type Complain = (problem: string) => void;

/**
 * Reads a small table that people write: CSV with one of these headers. One row that cannot be read spoils it.
 * @param headers each its names with commas between
 * @param rowOf `null`: it cannot be read, and it has complained
 */
export function readTableFile<T>(
  path: string,
  headers: readonly string[],
  rowOf: (cells: readonly string[], header: readonly string[], line: number, complain: Complain) => T | null,
): TableReading<T> {
  const file = readTextFile(path);
  if (!file.ok) return { ok: false, problems: [file.problem] };
  const problems: string[] = [];
  const rows: T[] = [];
  let header: readonly string[] | null = null;
  readCsvRows(file.text, {
    unclear: (_, line) => problems.push(`${path}:${line}: has a quote that can be read in two ways`),
    row: (cells, line) => {
      const complain = (problem: string) => void problems.push(`${path}:${line}: ${problem}`);
      if (header === null) {
        header = cells;
        if (!headers.includes(cells.join())) {
          complain(`the header is "${cells.join()}", expected "${headers.join('" or "')}"`);
        }
      } else if (headers.includes(header.join())) {
        const row = rowOf(cells, header, line, complain);
        if (row !== null) rows.push(row);
      }
    },
  });
  if (header === null && problems.length === 0) problems.push(`${path}:1: the file is empty`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rows };
}

/** A time of a row, milliseconds; `NaN` where it cannot be read. @param clocks `null`: times without a zone are refused */
export function readTime(column: string, text: string, clocks: LocalTime | null, complain: Complain): number {
  const reading = readInstant(text, clocks);
  if (reading.ok) return instantMs(reading.instant);
  complain(`${column}: "${text}" ${instantAdvice[reading.fault]}${zoneHint(reading.fault)}`);
  return NaN;
}
