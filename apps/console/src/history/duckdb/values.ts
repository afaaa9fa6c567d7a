import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Column, ColumnType, Value } from '../schema/table.js';

const types: Readonly<Record<ColumnType, DuckDBType>> = {
  ...{ text: VARCHAR, number: DOUBLE, count: BIGINT, instant: TIMESTAMP, boolean: BOOLEAN, json: VARCHAR },
};

export const timestamp = (atMs: number): DuckDBTimestampValue =>
  new DuckDBTimestampValue(BigInt(Math.round(atMs * 1000)));

/** The largest instant that JavaScript knows. */
const mostMs = 8.64e15;

/** A value as a column stores it; what does not suit the column, such as an instant that is no number, is null. */
export function stored({ type }: Column, value: Value | undefined): DuckDBValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'count':
      return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
    case 'instant':
      return typeof value === 'number' && Math.abs(value) <= mostMs ? timestamp(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return value === true;
    case 'text':
    case 'json':
      // A NUL ends a text for some readers of files.
      return String(value).replaceAll('\0', '\uFFFD');
  }
}

/** As a parameter of a query. */
export const parameter = stored;

const chunkRows = 2048;

/** Appends rows to a table of the connection's temporary catalogue, without keeping others waiting for long. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  count: number,
  valueAt: (row: number, column: number) => Value | undefined,
): Promise<void> {
  const appender = await connection.createAppender(table, 'main', 'temp');
  const chunkTypes = columns.map(({ type }) => types[type]);
  for (let first = 0; first < count; first += chunkRows) {
    const rows = Math.min(chunkRows, count - first);
    const chunk = DuckDBDataChunk.create(chunkTypes, rows);
    chunk.setColumns(
      columns.map((column, at) => Array.from({ length: rows }, (_, row) => stored(column, valueAt(first + row, at)))),
    );
    appender.appendDataChunk(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  appender.closeSync();
}
