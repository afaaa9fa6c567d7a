import { stat } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { DamagedHistoryError, NewerHistoryError } from '../port/history-store.js';
import { resolutions, type Table } from '../schema/table.js';
import { migrations } from './migrations.js';
import { createStage, createTable, name, sqlType, storedTables, type StoredTable } from './sql.js';

/** The format of the files that this release writes. A change that adding tables and columns does not make raises it. */
export const fileFormat = 1;

export interface FileOptions {
  /** Whose facts it holds; another file is refused. */
  readonly environment: string;
  readonly tables: readonly Table[];
  /** Where exports may be written; nothing else of the file system can be reached by SQL. */
  readonly exportFolder: string;
  readonly memoryMib: number;
}

export interface OpenFile {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
}

const damage =
  /not a valid DuckDB|corrupt|checksum|Could not read enough bytes|Failure while replaying WAL|Serialization Error|deserializ/i;

/** Whether an error says that the file cannot be read, however often it is tried. */
export const isDamage = (error: unknown): boolean => damage.test(String((error as Partial<Error>).message));

/**
 * Opens a file, and brings it to the schema of this release.
 * @throws {DamagedHistoryError} {@link NewerHistoryError}
 */
export async function openFile(path: string, options: FileOptions): Promise<OpenFile> {
  let instance: DuckDBInstance | null = null;
  try {
    instance = await DuckDBInstance.create(path, {
      ...{ threads: '1', memory_limit: `${options.memoryMib}MiB` },
      ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
    });
    const writer = await instance.connect();
    // Whatever a query says, it reaches no other file.
    await writer.run(`SET allowed_directories = ['${options.exportFolder.replaceAll("'", "''")}']`);
    await writer.run('SET enable_external_access = false');
    await checkWhole(writer, path);
    await prepare(writer, options);
    for (const table of options.tables) await writer.run(createStage(table));
    await writer.run('SET lock_configuration = true');
    return { instance, writer };
  } catch (error) {
    instance?.closeSync();
    throw isDamage(error) ? new DamagedHistoryError(`${path}: ${(error as Error).message}`) : error;
  }
}

/** A lost block is not noticed before it is read; that many are lost is. Free blocks at the end are not in the file. */
async function checkWhole(connection: DuckDBConnection, path: string): Promise<void> {
  const [size] = await rowsOf(connection, 'SELECT block_size * used_blocks AS bytes FROM pragma_database_size()');
  const { size: there } = await stat(path);
  if (Number(size?.['bytes'] ?? 0) > there) throw new DamagedHistoryError(`${path}: its end is missing`);
}

async function prepare(connection: DuckDBConnection, options: FileOptions): Promise<void> {
  await connection.run('BEGIN');
  await connection.run('CREATE TABLE IF NOT EXISTS meta (name VARCHAR, value VARCHAR)');
  const meta = await rowsOf(connection, 'SELECT name, value FROM meta');
  const of = (key: string) => meta.find((row) => row['name'] === key)?.['value'];
  const format = Number(of('format') ?? fileFormat);
  if (format > fileFormat) {
    throw new NewerHistoryError(
      `the history of ${options.environment} has format ${format}, which a newer release wrote (this one reads up to ${fileFormat}): ` +
        'run that release, or move the file away to have it built again from the topics',
    );
  }
  const environment = of('environment') ?? options.environment;
  if (environment !== options.environment)
    throw new Error(`it is the history of environment ${JSON.stringify(environment)}, not of ${options.environment}`);
  for (const { to, statements } of migrations) {
    if (format < to) for (const statement of statements) await connection.run(statement);
  }
  await bringUp(
    connection,
    options.tables.flatMap((each) => storedTables(each, resolutions)),
  );
  await connection.run(
    'CREATE TABLE IF NOT EXISTS positions (topic VARCHAR, partition INTEGER, next BIGINT, seen VARCHAR, clock DOUBLE)',
  );
  await connection.run(
    'CREATE TABLE IF NOT EXISTS gaps (topic VARCHAR, partition INTEGER, from_offset BIGINT, until_offset BIGINT, after_ms DOUBLE)',
  );
  await connection.run('DELETE FROM meta WHERE name IN ($1, $2)', ['format', 'environment']);
  await connection.run('INSERT INTO meta VALUES ($1, $2), ($3, $4)', [
    ...['format', String(fileFormat)],
    ...['environment', options.environment],
  ]);
  await connection.run('COMMIT');
}

/** Makes the tables that are missing, and the columns that tables lack: an earlier release knew fewer. */
async function bringUp(connection: DuckDBConnection, tables: readonly StoredTable[]): Promise<void> {
  const there = await rowsOf(
    connection,
    "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'main'",
  );
  const known = new Set(there.map((row) => `${String(row['table_name'])}/${String(row['column_name'])}`));
  for (const table of tables) {
    const missing = table.columns.filter((column) => !known.has(`${table.name}/${column.name}`));
    if (missing.length === table.columns.length) await connection.run(createTable(table));
    else {
      for (const column of missing)
        await connection.run(`ALTER TABLE ${name(table.name)} ADD COLUMN ${name(column.name)} ${sqlType(column)}`);
    }
  }
}

/** @param values bound, never part of the text */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql, values)).getRowObjectsJS();
}
