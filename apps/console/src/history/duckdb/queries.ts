import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { FileFormat, Filter, PageQuery, RowsQuery, TimeSpan } from '../port/history-store.js';
import {
  columnsOf,
  keyOf,
  resolutions,
  timeOf,
  type Column,
  type Row,
  type Table,
  type Value,
} from '../schema/table.js';
import { rowsOf } from './file.js';
import { bucketOf, bucketsTable, name, readable, rolledUp, seriesTable } from './sql.js';
import { parameter, timestamp } from './values.js';

/** SQL, and what is bound to it: whatever came with a request is bound. */
interface Bound {
  readonly sql: string;
  readonly values: DuckDBValue[];
}

class Parameters {
  readonly values: DuckDBValue[] = [];
  add(value: DuckDBValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export function columnOf(table: Table, column: string): Column {
  const found = columnsOf(table).find((each) => each.name === column);
  if (found === undefined) throw new Error(`table ${table.name} has no column ${column}`);
  return found;
}

function condition(table: Table, { column, values }: Filter, from: string, parameters: Parameters): string {
  if (values.length === 0) return 'false';
  const of = columnOf(table, column);
  const places = values.map((value) => parameters.add(parameter(of, value)));
  return `${from}${name(column)} IN (${places.join(', ')})`;
}

/** All columns of the rows that a query asks for, in no order. */
function selection(query: RowsQuery, parameters: Parameters): string {
  const { table, fromMs, toMs, filters } = query;
  const [from, to] = [parameters.add(timestamp(fromMs)), parameters.add(timestamp(toMs))];
  if (table.kind === 'rows') {
    const time = name(table.time);
    const where = filters.map((filter) => condition(table, filter, '', parameters));
    return `SELECT * FROM ${name(table.name)} WHERE ${[`${time} >= ${from}`, `${time} < ${to}`, ...where].join(' AND ')}`;
  }
  const { stored, lengthMs } = query.buckets ?? { stored: resolutions[0], lengthMs: resolutions[0] };
  const ofSeries = new Set(table.series.map(({ name: column }) => column));
  const onSeries = filters.filter(({ column }) => ofSeries.has(column));
  const onValues = filters.filter(({ column }) => !ofSeries.has(column));
  const series = table.series.map(({ name: column }) => `s.${name(column)}`).join(', ');
  const where = onSeries.map((filter) => condition(table, filter, 's.', parameters));
  const within = [`f.time >= ${from}`, `f.time < ${to}`, ...where].join(' AND ');
  const source = `FROM ${name(bucketsTable(table, stored))} f JOIN ${name(seriesTable(table))} s ON s.id = f.series WHERE ${within}`;
  const plain = table.values.map(({ name: column }) => `f.${name(column)}`).join(', ');
  const rolled = table.values.map((column) => `${rolledUp(column, 'f.time', 'f.')} AS ${name(column.name)}`).join(', ');
  const rows =
    stored === lengthMs
      ? `SELECT f.time, ${series}, ${plain} ${source}`
      : `SELECT ${bucketOf('f.time', lengthMs)} AS time, ${series}, ${rolled} ${source} GROUP BY ALL`;
  if (onValues.length === 0) return rows;
  return `SELECT * FROM (${rows}) WHERE ${onValues.map((filter) => condition(table, filter, '', parameters)).join(' AND ')}`;
}

/** The order of a table's rows: by time, then by the rest of the key. */
export function orderOf(table: Table): readonly string[] {
  const time = timeOf(table);
  return [time, ...keyOf(table).filter((column) => column !== time)];
}

function ordered({ table, newestFirst }: RowsQuery): string {
  return orderOf(table)
    .map((column) => `${name(column)} ${newestFirst ? 'DESC' : 'ASC'}`)
    .join(', ');
}

function pageStatement(query: PageQuery): Bound {
  const parameters = new Parameters();
  const { table, columns, after, limit, newestFirst } = query;
  const rows = selection(query, parameters);
  const order = orderOf(table);
  let where = '';
  if (after !== null) {
    const places = order.map((column, at) => parameters.add(parameter(columnOf(table, column), after[at])));
    where = ` WHERE (${order.map(name).join(', ')}) ${newestFirst ? '<' : '>'} (${places.join(', ')})`;
  }
  // What is needed to go on from the last row comes along.
  const read = [...new Set([...columns, ...order])].map((column) => readable(columnOf(table, column), name(column)));
  const sql = `SELECT ${read.join(', ')} FROM (SELECT * FROM (${rows})${where} ORDER BY ${ordered(query)} LIMIT ${parameters.add(limit)})`;
  return { sql, values: parameters.values };
}

export async function readPage(connection: DuckDBConnection, query: PageQuery): Promise<readonly Row[]> {
  const { sql, values } = pageStatement(query);
  return (await rowsOf(connection, sql, values)).map((row) => readableRow(row));
}

/** JSON knows no infinity. */
function readableRow(row: Record<string, unknown>): Row {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'number' && !Number.isFinite(value)) row[column] = null;
  }
  return row as Row;
}

export async function readSpan(
  connection: DuckDBConnection,
  table: Table,
  filters: readonly Filter[],
): Promise<TimeSpan | null> {
  const parameters = new Parameters();
  const ofSeries = table.kind === 'rollup' ? new Set(table.series.map(({ name: column }) => column)) : null;
  const known = filters.filter(({ column }) => ofSeries === null || ofSeries.has(column));
  const where = known.map((filter) => condition(table, filter, '', parameters));
  const hours = resolutions[2];
  const source =
    table.kind === 'rows'
      ? name(table.name)
      : `(SELECT f.time, s.* FROM ${name(bucketsTable(table, hours))} f JOIN ${name(seriesTable(table))} s ON s.id = f.series)`;
  const time = name(timeOf(table));
  const [row] = await rowsOf(
    connection,
    `SELECT CAST(epoch_ms(min(${time})) AS DOUBLE) AS oldest, CAST(epoch_ms(max(${time})) AS DOUBLE) AS newest ` +
      `FROM ${source}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''}`,
    parameters.values,
  );
  if (row === undefined || row['oldest'] === null) return null;
  const newestMs = Number(row['newest']);
  return { oldestMs: Number(row['oldest']), newestMs: table.kind === 'rows' ? newestMs : newestMs + hours - 1 };
}

export async function readDistinct(
  connection: DuckDBConnection,
  table: Table,
  column: string,
  filters: readonly Filter[],
  most: number,
): Promise<readonly Value[]> {
  const parameters = new Parameters();
  const where = filters.map((filter) => condition(table, filter, '', parameters));
  const source = table.kind === 'rows' ? table.name : seriesTable(table);
  const sql =
    `SELECT DISTINCT ${readable(columnOf(table, column), name(column))} FROM ${name(source)} ` +
    `${where.length > 0 ? `WHERE ${where.join(' AND ')} ` : ''}ORDER BY 1 LIMIT ${parameters.add(most)}`;
  return (await rowsOf(connection, sql, parameters.values)).map((row) => row[column] as Value);
}

/** @param file a name of our own: nothing of a request is part of it */
export async function exportRows(
  connection: DuckDBConnection,
  query: RowsQuery,
  format: FileFormat,
  file: string,
): Promise<void> {
  const parameters = new Parameters();
  const rows = selection(query, parameters);
  const columns = query.columns.map((column) => name(columnOf(query.table, column).name)).join(', ');
  const how =
    format === 'parquet'
      ? 'FORMAT parquet, COMPRESSION zstd'
      : "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%gZ'";
  await connection.run(
    `COPY (SELECT ${columns} FROM (${rows}) ORDER BY ${ordered(query)}) TO '${file.replaceAll("'", "''")}' (${how})`,
    parameters.values,
  );
}
