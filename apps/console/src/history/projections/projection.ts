import type { Topic } from '@moola/contracts/topic';
import type { Row, RollupTable, RowTable, Table, Value } from '../schema/table.js';

/** Where a row stands in the log. */
export interface FactPlace {
  readonly offset: number;
  /** When the log appended its record: for facts that carry no time. */
  readonly appendedAtMs: number;
}

/** Takes what a projection makes of a fact. */
export interface RowSink {
  /** @param row every column of the table; a column of type `fill` may be null for: as it was */
  row(table: RowTable, row: Row): void;
  /** @param series and @param values in the table's order. @param atMs in which minute it counts */
  figure(table: RollupTable, series: readonly Value[], atMs: number, values: readonly Value[]): void;
}

/** What history keeps of the facts of one topic. */
export interface Projection<T> {
  /** The folder. */
  readonly name: string;
  readonly topic: Topic<T>;
  /** What it writes; several projections may share a table. */
  readonly tables: readonly Table[];
  /** @param fact as it stands in the topic, each once */
  take(fact: T, sink: RowSink, place: FactPlace): void;
}
