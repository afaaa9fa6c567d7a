import type { FigureRow } from '../port/history-store.js';
import type { RowSink } from '../projections/projection.js';
import { seriesKey } from '../schema/series-key.js';
import { resolutions, type RollupTable, type Row, type RowTable, type Value } from '../schema/table.js';
import { keptFromMs } from '../schema/kept-from.js';

interface PendingSeries {
  readonly series: readonly Value[];
  /** By the start of the minute. */
  readonly minutes: Map<number, Value[]>;
}

const [minuteMs] = resolutions;

/** What is to be written next: rows as projections gave them, each once under its key. */
export class Pending implements RowSink {
  /** The clock of the partition whose facts are being taken; `null`: not known. */
  clockMs: number | null = null;
  /** How many rows are waiting. */
  size = 0;
  /** Rows that came when their time was forgotten already. */
  tooLate = 0;
  private readonly byTable = new Map<RowTable, Map<string, Row>>();
  private readonly byRollup = new Map<RollupTable, Map<string, PendingSeries>>();

  row(table: RowTable, row: Row): void {
    const time = row[table.time];
    if (typeof time === 'number' && this.isForgotten(time, table.keptMs)) return;
    const rows = this.byTable.get(table) ?? new Map<string, Row>();
    this.byTable.set(table, rows);
    const key = seriesKey(table.key.map((column) => row[column] ?? null));
    const before = rows.get(key);
    if (before === undefined) this.size++;
    rows.set(key, before !== undefined && table.revised === 'fill' ? filled(before, row) : row);
  }

  figure(table: RollupTable, series: readonly Value[], atMs: number, values: readonly Value[]): void {
    const startMs = Math.floor(atMs / minuteMs) * minuteMs;
    // A minute that is forgotten cannot be added to the hour that it was part of.
    if (!Number.isFinite(startMs) || this.isForgotten(startMs, table.kept.minutesMs)) return;
    const all = this.byRollup.get(table) ?? new Map<string, PendingSeries>();
    this.byRollup.set(table, all);
    const key = seriesKey(series);
    let pending = all.get(key);
    if (pending === undefined) {
      pending = { series, minutes: new Map() };
      all.set(key, pending);
    }
    const before = pending.minutes.get(startMs);
    if (before === undefined) {
      this.size++;
      pending.minutes.set(startMs, [...values]);
    } else merge(table, before, values);
  }

  rows(): Map<RowTable, readonly Row[]> {
    return new Map([...this.byTable].map(([table, rows]) => [table, [...rows.values()]]));
  }

  figures(): Map<RollupTable, readonly FigureRow[]> {
    return new Map([...this.byRollup].map(([table, all]) => [table, figureRows(all)]));
  }

  clear(): void {
    this.byTable.clear();
    this.byRollup.clear();
    this.size = 0;
  }

  private isForgotten(timeMs: number, keptMs: number): boolean {
    if (this.clockMs === null || timeMs >= keptFromMs(this.clockMs, keptMs)) return false;
    this.tooLate++;
    return true;
  }
}

function figureRows(all: ReadonlyMap<string, PendingSeries>): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const { series, minutes } of all.values()) {
    for (const [startMs, values] of minutes) rows.push({ series, startMs, values });
  }
  return rows;
}

function filled(before: Row, row: Row): Row {
  return Object.fromEntries(Object.keys(before).map((column) => [column, row[column] ?? before[column] ?? null]));
}

function merge(table: RollupTable, into: Value[], values: readonly Value[]): void {
  for (const [at, { rollup }] of table.values.entries()) {
    const value = values[at] ?? null;
    if (rollup === 'sum' || rollup === 'last') into[at] = value;
    else into[at] = extreme(rollup, into[at] ?? null, value);
  }
}

function extreme(which: 'least' | 'most', a: Value, b: Value): Value {
  if (typeof a !== 'number') return b;
  if (typeof b !== 'number') return a;
  return which === 'least' ? Math.min(a, b) : Math.max(a, b);
}
