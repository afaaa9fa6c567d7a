import type { Resolution, RollupTable, Row, RowTable, Table, Value } from '../schema/table.js';

/** How far history has read a partition of a topic, and what it must remember to read on. */
export interface PartitionPosition {
  /** Short name of the topic. */
  readonly topic: string;
  readonly partition: number;
  /** The offset of the next record. */
  readonly next: number;
  /** What was seen of each source, so that rows that were computed twice count once. */
  readonly seen: ReadonlyMap<string, Uint8Array>;
  /** The largest tick; `null` before there was one. */
  readonly clockMs: number | null;
}

/** Facts that the log no longer held when history came to read them. */
export interface Gap {
  readonly topic: string;
  readonly partition: number;
  /** Offsets, the second exclusive. */
  readonly from: number;
  readonly until: number;
  /** The clock of the partition before and after it; `null`: not known. */
  readonly afterMs: number | null;
}

/** A bucket of a series. */
export interface FigureRow {
  readonly series: readonly Value[];
  /** Start of its minute, milliseconds. */
  readonly startMs: number;
  readonly values: readonly Value[];
}

/** What is written at once: rows, and how far the facts are read that they come from. */
export interface HistoryBatch {
  /** No two of a table have the same key. */
  readonly rows: ReadonlyMap<RowTable, readonly Row[]>;
  /** No two of a table have the same series and start. */
  readonly figures: ReadonlyMap<RollupTable, readonly FigureRow[]>;
  readonly positions: readonly PartitionPosition[];
  readonly gaps: readonly Gap[];
}

/** Rows of which a column has one of some values. */
export interface Filter {
  readonly column: string;
  readonly values: readonly Value[];
}

/** Which rows are asked for. Every name in it is one of the table's columns. */
export interface RowsQuery {
  readonly table: Table;
  /** Rows whose time lies in [from, to). */
  readonly fromMs: number;
  readonly toMs: number;
  readonly filters: readonly Filter[];
  readonly columns: readonly string[];
  /** Of a rollup: from which buckets, and how long those of the answer are (a whole number of them). */
  readonly buckets?: { readonly stored: Resolution; readonly lengthMs: number };
  readonly newestFirst: boolean;
}

export interface PageQuery extends RowsQuery {
  readonly limit: number;
  /** Key values of the last row of the page before. */
  readonly after: readonly Value[] | null;
}

export type FileFormat = 'csv' | 'parquet';

/** Both inclusive, milliseconds. */
export interface TimeSpan {
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface TableSize {
  readonly table: string;
  readonly rows: number;
}

export interface StoreSize {
  /** What the file takes. */
  readonly bytes: number;
  /** Of them in use: the rest is written again before the file grows. */
  readonly usedBytes: number;
  readonly tables: readonly TableSize[];
}

export interface Maintenance {
  /** By this clock. */
  readonly nowMs: number;
  /** Above it the oldest rows go before their time. */
  readonly mostBytes: number;
}

/** Where history lies: tables as the schema describes them, one writer. */
export interface HistoryStore {
  positions(): Promise<readonly PartitionPosition[]>;
  gaps(): Promise<readonly Gap[]>;
  /** All of it or nothing. What was written before under the same key is revised. */
  write(batch: HistoryBatch): Promise<void>;
  page(query: PageQuery): Promise<readonly Row[]>;
  /** The values that a column has, at most so many, in order. Of rollups: columns of the series. */
  distinct(table: Table, column: string, filters: readonly Filter[], most: number): Promise<readonly Value[]>;
  /** The oldest and the newest time of rows, of rollups among the longest buckets; `null`: there are none. */
  span(table: Table, filters: readonly Filter[]): Promise<TimeSpan | null>;
  /** Writes all rows of a query into a file that does not exist yet. */
  exportRows(query: RowsQuery, format: FileFormat, file: string): Promise<void>;
  /** Writes all there is into a file of its own. */
  copyTo(file: string): Promise<void>;
  size(): Promise<StoreSize>;
  /** Forgets what is too old or too much, and packs what no longer changes. */
  maintain(maintenance: Maintenance): Promise<void>;
  close(): Promise<void>;
}

/** The file is damaged: nothing can be made of it. */
export class DamagedHistoryError extends Error {
  override readonly name = 'DamagedHistoryError';
}

/** The file is of a release that is newer than this one. */
export class NewerHistoryError extends Error {
  override readonly name = 'NewerHistoryError';
}

/** A read took too long. */
export class SlowQueryError extends Error {
  override readonly name = 'SlowQueryError';
}
