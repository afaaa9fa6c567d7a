import { asyncBufferFromFile, parquetScan, type ParquetParsers, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { isNamedColumn } from './csv-row.js';
import type { LogReadingOptions } from './logged-event.js';
import type { RefusedRows } from './refused-rows.js';
import { TableLog } from './table-log.js';

/** What the values of a column are. */
type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'local time';

type Column = { readonly name: string } & ({ readonly kind: Kind } | { readonly kind: null; readonly problem: string });

/**
 * Reads a log as Parquet: the columns of the CSV, each of a type that says what it holds. One row group is in memory at a time.
 * @returns why it cannot be read, with the file's name; empty when it was read
 */
export async function readParquetLog(
  path: string,
  options: LogReadingOptions,
  refused: RefusedRows,
): Promise<readonly string[]> {
  const said = (problem: string) => `${path}: ${problem}`;
  const table = new TableLog(options, refused, 'row');
  try {
    const file = await asyncBufferFromFile(path);
    const scan = await parquetScan({ file, compressors, parsers });
    const { schema, row_groups: groups } = scan.metadata;
    const columns = topLevel(schema).map(columnOf);
    const unknown = table.header(columns.map(({ name }) => name));
    if (unknown.length > 0) return unknown.map(said);
    const codecs = new Set(groups.flatMap((group) => group.columns.map(({ meta_data: data }) => data?.codec ?? '')));
    const problems = [
      ...columns.flatMap((column) => problemOf(column) ?? []),
      ...[...codecs].filter((codec) => !canUncompress(codec)).map(compressionProblem),
    ];
    if (problems.length > 0) return problems.map(said);
    for (const range of scan.ranges) {
      const values = await Promise.all(columns.map(({ name }) => scan.readColumn({ column: name, ...range })));
      for (let row = 0; row < range.rowEnd - range.rowStart; row++) {
        const cells = columns.map(({ kind }, i) => cellOf(kind as Kind, (values[i] as ArrayLike<unknown>)[row]));
        table.row(cells, range.rowStart + row + 1);
      }
    }
    return [];
  } catch (error) {
    // What the library throws has no type of its own: a file that is cut off gives a RangeError as well.
    return [said(`cannot be read as Parquet: ${(error as Error).message}`)];
  } finally {
    table.close();
  }
}

/** Instants as milliseconds since 1970, whatever their unit; a fraction of a millisecond is left out. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => Number(millis),
  timestampFromMicroseconds: (micros) => Number(micros / 1000n),
  timestampFromNanoseconds: (nanos) => Number(nanos / 1_000_000n),
};

const canUncompress = (codec: string): boolean =>
  codec === 'UNCOMPRESSED' || codec === 'SNAPPY' || Object.hasOwn(compressors, codec);
const compressionProblem = (codec: string): string =>
  `is compressed with ${codec || 'nothing that it names'}, which is not supported: write it with ZSTD, SNAPPY or GZIP`;

/** The columns of a file, nested ones as their outermost. The first element is the row itself; what a group holds follows it. */
function topLevel(schema: readonly SchemaElement[]): readonly SchemaElement[] {
  const columns: SchemaElement[] = [];
  const sizeAt = (at: number): number => {
    let size = 1;
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) size += sizeAt(at + size);
    return size;
  };
  for (let at = 1; at < schema.length; at += sizeAt(at)) columns.push(schema[at] as SchemaElement);
  return columns;
}

function columnOf(element: SchemaElement): Column {
  const { name } = element;
  if ((element.num_children ?? 0) > 0 || element.repetition_type === 'REPEATED') {
    const problem = 'holds nested values: give each a column of its own (segment.<name>, feature.<name>)';
    return { name, kind: null, problem };
  }
  const kind = kindOf(element);
  return kind === null ? { name, kind, problem: `is ${typeName(element)}, which is not read` } : { name, kind };
}

const typeName = ({ type, converted_type: converted, logical_type: logical }: SchemaElement): string =>
  logical?.type ?? converted ?? type ?? 'of no type';

function kindOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): Kind | null {
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC ? 'instant' : 'local time';
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return 'instant';
  // Spark's and Impala's of old: nothing says whose clocks.
  if (type === 'INT96') return 'local time';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') return 'number';
  const isPlain =
    (logical === undefined || logical.type === 'INTEGER') && !/^(DATE|TIME|INTERVAL)/.test(converted ?? '');
  switch (type) {
    case 'BYTE_ARRAY':
      return (logical === undefined || ['STRING', 'ENUM'].includes(logical.type)) &&
        ['UTF8', 'ENUM', undefined].includes(converted)
        ? 'text'
        : null;
    case 'INT32':
    case 'INT64':
      return isPlain ? 'integer' : null;
    case 'FLOAT':
    case 'DOUBLE':
      return 'number';
    case 'BOOLEAN':
      return 'boolean';
    default:
      return null;
  }
}

/** What each column may hold, and how to say it. */
function problemOf(column: Column): string | null {
  const { name, kind } = column;
  if (kind === null) return `the column "${name}" ${column.problem}`;
  const { kinds, need } = needOf(name);
  return kinds.includes(kind) ? null : `the column "${name}" holds ${kindNames[kind]}: ${need}`;
}

const kindNames: Readonly<Record<Kind, string>> = {
  text: 'text',
  integer: 'whole numbers',
  number: 'numbers with a fraction',
  boolean: 'true and false',
  instant: 'times',
  'local time': 'times',
};

function needOf(name: string): { readonly kinds: readonly Kind[]; readonly need: string } {
  if (name === 'time' || name === 'known_at') {
    return {
      kinds: ['instant', 'local time', 'text'],
      need: 'it must be a TIMESTAMP (or text such as 2026-01-31T12:00:00Z)',
    };
  }
  if (['value', 'score', 'latency_ms', 'cost_usd'].includes(name) || name.startsWith('feature.')) {
    return { kinds: ['integer', 'number'], need: 'it must be a number (DOUBLE, FLOAT, INT64, INT32, DECIMAL)' };
  }
  if (name === 'class' || name === 'truth') {
    return { kinds: ['text', 'integer', 'number', 'boolean'], need: 'it must be text, a number or a boolean' };
  }
  if (name === 'role' || name === 'error') return { kinds: ['text'], need: 'it must be text' };
  const kinds: readonly Kind[] = isNamedColumn(name) ? ['text', 'integer', 'boolean'] : ['text', 'integer'];
  return { kinds, need: 'it must be text, or whole numbers' };
}

/** A value as a cell of the CSV has it. What is missing is empty, and so is what is not a number (as pandas has it). */
function cellOf(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return '';
  switch (kind) {
    case 'text':
      return value as string;
    case 'integer':
    case 'boolean':
      return (value as number | bigint | boolean).toString();
    case 'number':
      return Number.isNaN(value) ? '' : (value as number).toString();
    case 'instant':
      return timeText(value as number);
    case 'local time':
      return timeText(value as number).replace('Z', '');
  }
}

/** The last moment that a date of the language can name; as far before 1970 lies the first. */
const mostMs = 8.64e15;

function timeText(timeMs: number): string {
  return Math.abs(timeMs) <= mostMs ? new Date(timeMs).toISOString() : String(timeMs);
}
