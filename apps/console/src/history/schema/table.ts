/**
 * What a column holds. `number`: any double; `count`: a whole number; `instant`: a point in time, a timestamp in files and
 * milliseconds in JSON; `json`: a document as text.
 */
export type ColumnType = 'text' | 'number' | 'count' | 'instant' | 'boolean' | 'json';

export interface Column {
  /** The same in tables, files and documents; JSON adds `Ms` to that of an instant. */
  readonly name: string;
  readonly type: ColumnType;
  /** For documents: what it says. */
  readonly text: string;
}

/**
 * How a figure of a longer bucket follows from those of the shorter ones in it, and what happens when one comes twice.
 * `sum` and `last`: the newer one replaces what was written. `least` and `most`: the least or most of all.
 */
export type Rollup = 'sum' | 'last' | 'least' | 'most';

export interface RollupColumn extends Column {
  readonly rollup: Rollup;
}

/** How long rows are kept, milliseconds. */
export interface Kept {
  readonly minutesMs: number;
  readonly tenMinutesMs: number;
  readonly hoursMs: number;
}

/** Figures of series by time: written by the minute, kept by the minute, ten minutes and the hour. */
export interface RollupTable {
  readonly kind: 'rollup';
  readonly name: string;
  readonly text: string;
  /** What tells one series from another; none of them is ever null. */
  readonly series: readonly Column[];
  readonly values: readonly RollupColumn[];
  readonly kept: Kept;
}

/** Rows that are known by a key: what comes later under the same key revises them. */
export interface RowTable {
  readonly kind: 'rows';
  readonly name: string;
  readonly text: string;
  readonly columns: readonly Column[];
  /** Columns that are never null. */
  readonly key: readonly string[];
  /** The instant by which rows are asked for and forgotten; never null. */
  readonly time: string;
  /** `replace`: the later row stands. `fill`: what the later row leaves out (null) stays as it was. */
  readonly revised: 'replace' | 'fill';
  readonly keptMs: number;
  /** The oldest rows go when there are more. */
  readonly mostRows: number;
}

export type Table = RollupTable | RowTable;

/** Lengths of the buckets of rollups, milliseconds: each a whole number of the one before. */
export const resolutions = [60_000, 600_000, 3_600_000] as const;
export type Resolution = (typeof resolutions)[number];

/** A value of a column; instants are milliseconds since the epoch, UTC. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** When rows of a rollup begin, beside its series and values. */
export const bucketColumn: Column = { name: 'time', type: 'instant', text: 'Start of the bucket.' };

/** All columns that a reader sees. */
export function columnsOf(table: Table): readonly Column[] {
  return table.kind === 'rows' ? table.columns : [bucketColumn, ...table.series, ...table.values];
}

export function timeOf(table: Table): string {
  return table.kind === 'rows' ? table.time : bucketColumn.name;
}

/** Columns that tell rows apart. */
export function keyOf(table: Table): readonly string[] {
  return table.kind === 'rows' ? table.key : [bucketColumn.name, ...table.series.map(({ name }) => name)];
}

export function keptMsOf(table: RollupTable, resolution: Resolution): number {
  const [minutes, tenMinutes] = resolutions;
  if (resolution === minutes) return table.kept.minutesMs;
  return resolution === tenMinutes ? table.kept.tenMinutesMs : table.kept.hoursMs;
}

const day = 24 * 3_600_000;
/** What is kept unless somebody says otherwise, milliseconds. */
export const keptByDefault = { minutes: 7 * day, tenMinutes: 60 * day, hours: 730 * day, rows: 730 * day } as const;
