import type { Role } from '../gen/moola/v1/telemetry_pb.js';
import type { NamedNumbers } from './named-numbers.js';
import type { Segments } from './segments.js';

/** How the values of a column are packed: `column-code.ts` has the code of each. */
export interface ColumnTypes {
  /** Likely to repeat: found in the record's dictionary. */
  text: string;
  /** Hardly repeats: a new entry of the dictionary each time. */
  unique: string;
  /** The same, but rows with an equal one often follow each other. */
  run: string;
  /** `NaN` where absent. */
  number: number;
  /** Never left out: its length tells how many rows there are. Each table has one. */
  time: number;
  role: Role;
  /** One of a list. */
  word: string;
  segments: Segments;
  features: NamedNumbers;
  /** Of classes: in [0, 1], together 1. */
  probabilities: NamedNumbers;
}
export type ColumnType = keyof ColumnTypes;

/** A column of `intake` and `observations`. */
export interface Column<T extends ColumnType = ColumnType, Value = ColumnTypes[T]> {
  readonly type: T;
  /** Its field of the message of columns (`rows.proto`), as the generated code names it. */
  readonly field: string;
  /** All that a `word` may be, by its number in the record. */
  readonly words?: readonly Value[];
}

/** The columns of a kind of row by the names that rows have for them, in the order in which their texts are written. */
export type ColumnTable = Readonly<Record<string, Column<ColumnType, unknown>>>;

/** What a row holds in the columns of a table. */
export type RowOf<T extends ColumnTable> = {
  readonly [K in keyof T]: T[K] extends Column<ColumnType, infer Value> ? Value : never;
};

export function column<T extends Exclude<ColumnType, 'word'>>(type: T, field: string): Column<T> {
  return { type, field };
}

export function wordColumn<Word extends string>(field: string, words: readonly Word[]): Column<'word', Word> {
  return { type: 'word', field, words };
}
