import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { compile } from '../compile.js';
import { columnCode, type ColumnCode, type ColumnPlace } from './column-code.js';
import type { Column, ColumnTable, ColumnType } from './column.js';
import type { DictionaryReader } from './dictionary-reader.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { NamedNumbersReader, NamedNumbersWriter } from './named-numbers.js';
import type { DelimitedFields } from './fields.js';
import { GrowingColumns, indexes, numbers } from './growing-columns.js';
import {
  checkIndexes,
  packEveryNumber,
  packIndexes,
  packNumbers,
  readIndexes,
  readNumbers,
  type IndexColumn,
} from './packed.js';
import { readSegments, SegmentsWriter } from './segments.js';
import { Parts } from './write-columns.js';

/** The columns of a record's rows of one kind, by the names that rows have for them. */
export type ColumnsReader<T extends ColumnTable> = {
  readonly [K in keyof T]: T[K]['type'] extends 'number' | 'time' ? Float64Array : IndexColumn;
} & {
  readonly dictionary: DictionaryReader;
  readonly length: number;
};

/** Collects rows of one kind column by column. */
export interface ColumnsWriter<Row> {
  /** About so many bytes, without the dictionary, and hardly ever more. */
  readonly bytes: number;
  add(row: Row): void;
  /** The message of columns, valid until the next use. */
  finish(): Parts;
  /** Begins anew, with the same memory. */
  clear(): void;
}

/** A row that lies in columns: nothing is made before it is asked for. */
export interface ColumnsView<T extends ColumnTable> {
  readonly columns: ColumnsReader<T>;
  readonly row: number;
}

/** Everything that follows from a table. */
export interface ColumnsCode<T extends ColumnTable, Row> {
  /** Throws when a column has a wrong length, or points at what is not there. */
  readonly Reader: new (fields: DelimitedFields, dictionary: DictionaryReader) => ColumnsReader<T>;
  readonly View: new (columns: ColumnsReader<T>, row: number) => Row & ColumnsView<T>;
  readonly Writer: new (dictionary: DictionaryWriter) => ColumnsWriter<Row>;
  /** A row as an object of its own. */
  readonly plain: (row: Row) => Row;
}

interface Placed extends ColumnPlace {
  readonly code: ColumnCode;
  readonly column: Column<ColumnType, unknown>;
}

/**
 * Compiles readers and writers of the rows of one kind.
 * @param kind of the rows
 * @param message that holds the columns
 */
export function columnsCode<T extends ColumnTable, Row extends { readonly kind: string }>(
  kind: Row['kind'],
  table: T,
  message: DescMessage,
): ColumnsCode<T, Row> {
  const columns = Object.entries(table).map(([name, column]) => placed(name, column, message));
  const words = Object.fromEntries(columns.map(({ name, column }) => [name, column.words ?? []]));
  const Reader = compile(`${kind}-reader`, { ...readerScope, words }, readerSource(columns));
  const View = compile(`${kind}-view`, { words }, viewSource(kind, columns));
  const Writer = compile(`${kind}-writer`, { ...writerScope, words, View }, writerSource(columns));
  const plain = compile(`${kind}-plain`, {}, plainSource(kind, columns));
  return { Reader, View, Writer, plain } as ColumnsCode<T, Row>;
}

const readerScope = { checkIndexes, NamedNumbersReader, readIndexes, readNumbers, readSegments };
const writerScope = {
  ...{ NamedNumbersWriter, GrowingColumns, SegmentsWriter, Parts },
  ...{ indexes, numbers, packEveryNumber, packIndexes, packNumbers },
};

/** @throws {Error} when the message has no such field */
function placed(name: string, column: Column<ColumnType, unknown>, message: DescMessage): Placed {
  const field = (fieldName: string): DescField | undefined => message.field[fieldName];
  const own = field(column.field);
  if (own === undefined) throw new Error(`${message.typeName} has no field ${column.field} for the column ${name}`);
  const dictionary = field(`${column.field}Dictionary`)?.number ?? 0;
  return { name, number: own.number, dictionary, title: own.name, code: columnCode[column.type], column };
}

function readerSource(columns: readonly Placed[]): string {
  const time = columns.find(({ column }) => column.type === 'time') as Placed;
  return `class {
    constructor(fields, dictionary) {
      this.dictionary = dictionary;
      const count = fields.bytes(${time.number}).length / 8;
      this.length = count;
      ${lines(columns, ({ code, ...place }) => code.read(place))}
    }
  }`;
}

function viewSource(kind: string, columns: readonly Placed[]): string {
  return `class {
    constructor(columns, row) {
      this.columns = columns;
      this.row = row;
    }
    get kind() { return '${kind}'; }
    ${lines(columns, ({ name, code }) => `get ${name}() { return ${code.get(name)}; }`)}
  }`;
}

function plainSource(kind: string, columns: readonly Placed[]): string {
  return `(row) => ({ kind: '${kind}', ${lines(columns, ({ name }) => `${name}: row.${name},`)} })`;
}

function writerSource(columns: readonly Placed[]): string {
  const arrays = columns.filter(({ code }) => code.array !== null);
  const withSets = columns.filter(({ code }) => code.sets !== undefined);
  const copied = columns.filter(({ code }) => code.copy !== undefined);
  const others = columns.filter(({ code }) => code.copy === undefined);
  const byNumber = [...columns].sort((a, b) => a.number - b.number);
  return `class {
    constructor(dictionary) {
      this.dictionary = dictionary;
      this.growing = new GrowingColumns((rows) => ({
        ${lines(arrays, ({ name, code }) => `${name}: ${code.array}(rows),`)}
      }));
      this.count = 0;
      this.before = null;
      ${lines(withSets, ({ name, code }) => `this.${name}Sets = ${code.sets};`)}
    }
    get bytes() {
      return this.count * this.growing.packedWidth(this.dictionary.entries)
        ${lines(withSets, ({ name }) => `+ this.${name}Sets.bytes`)};
    }
    add(row) {
      const at = this.count;
      const columns = this.growing.withRow(at);
      if (row instanceof View) this.copyTexts(columns, row, at);
      else this.addTexts(columns, row, at);
      ${lines(others, ({ name, code }) => code.add(name))}
      this.before = row;
      this.count = at + 1;
    }
    addTexts(columns, row, at) {
      const { dictionary, before } = this;
      ${lines(copied, ({ name, code }) => code.add(name))}
    }
    copyTexts(columns, row, at) {
      const { dictionary, before } = this;
      const from = row.columns;
      const reader = from.dictionary;
      const entries = dictionary.transfer(reader);
      const beside = before instanceof View && before.columns === from;
      ${lines(copied, ({ name, code }) => code.copy?.(name) ?? '')}
    }
    finish() {
      const parts = new Parts();
      const { count } = this;
      const { columns } = this.growing;
      ${lines(byNumber, ({ code, ...place }) => code.finish(place))}
      return parts;
    }
    clear() {
      ${lines(withSets, ({ name }) => `this.${name}Sets.clear();`)}
      this.count = 0;
      this.before = null;
    }
  }`;
}

function lines(columns: readonly Placed[], line: (column: Placed) => string): string {
  return columns.map(line).join('\n');
}
