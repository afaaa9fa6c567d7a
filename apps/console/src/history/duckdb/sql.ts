import {
  columnsOf,
  type Column,
  type ColumnType,
  type Resolution,
  type RollupColumn,
  type RollupTable,
  type Table,
} from '../schema/table.js';

/** Names come from the schema, never from a request; they are quoted all the same. */
export const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

const types: Readonly<Record<ColumnType, string>> = {
  ...{ text: 'VARCHAR', number: 'DOUBLE', count: 'BIGINT', instant: 'TIMESTAMP', boolean: 'BOOLEAN', json: 'VARCHAR' },
};

export const sqlType = ({ type }: Column): string => types[type];

const minuteMs = 60_000;
const suffix = (lengthMs: Resolution): string => (lengthMs < 3_600_000 ? `${lengthMs / minuteMs}m` : '1h');

/** `figures_10m`. */
export const bucketsTable = (table: RollupTable, lengthMs: Resolution): string => `${table.name}_${suffix(lengthMs)}`;
export const seriesTable = (table: RollupTable): string => `${table.name}_series`;
export const stageTable = (table: Table): string => `stage_${table.name}`;

/** Buckets begin at whole multiples of their length since the epoch. */
export const bucketOf = (time: string, lengthMs: number): string =>
  `time_bucket(to_milliseconds(${lengthMs}), ${time}, TIMESTAMP '1970-01-01')`;

/** The value of a longer bucket from those of the shorter ones in it. */
export function rolledUp({ name: column, rollup, type }: RollupColumn, time: string, from: string): string {
  const value = `${from}${name(column)}`;
  switch (rollup) {
    // In order: sums of fractions are the same however the rows came.
    case 'sum':
      return type === 'count' ? `CAST(sum(${value}) AS BIGINT)` : `sum(${value} ORDER BY ${time})`;
    case 'last':
      return `last(${value} ORDER BY ${time})`;
    case 'least':
      return `min(${value})`;
    case 'most':
      return `max(${value})`;
  }
}

/** As JavaScript reads it: instants in milliseconds, no BIGINT. */
export function readable({ name: column, type }: Column, expression: string): string {
  const value =
    type === 'instant'
      ? `CAST(epoch_ms(${expression}) AS DOUBLE)`
      : type === 'count'
        ? `CAST(${expression} AS DOUBLE)`
        : expression;
  return `${value} AS ${name(column)}`;
}

const declared = (columns: readonly Column[]): string =>
  columns.map((column) => `${name(column.name)} ${sqlType(column)}`).join(', ');

/** A table of the file, as the schema describes it. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly Column[];
}

const seriesId: Column = { name: 'series', type: 'count', text: 'Of which series.' };

/** Columns of buckets as they are stored: the series by its number. */
export const bucketColumns = (table: RollupTable): readonly Column[] => [
  seriesId,
  { name: 'time', type: 'instant', text: '' },
  ...table.values,
];

export function storedTables(table: Table, resolutions: readonly Resolution[]): readonly StoredTable[] {
  if (table.kind === 'rows') return [{ name: table.name, columns: columnsOf(table) }];
  return [
    { name: seriesTable(table), columns: [{ ...seriesId, name: 'id' }, ...table.series] },
    ...resolutions.map((each) => ({ name: bucketsTable(table, each), columns: bucketColumns(table) })),
  ];
}

export const createTable = (table: StoredTable): string =>
  `CREATE TABLE IF NOT EXISTS ${name(table.name)} (${declared(table.columns)})`;

/** What is about to be written; in memory. */
export const createStage = (table: Table): string =>
  `CREATE TEMP TABLE ${name(stageTable(table))} (${declared(table.kind === 'rows' ? table.columns : bucketColumns(table))})`;
