import type { ColumnType } from './column.js';

/** A column, for those who write code for it. */
export interface ColumnPlace {
  /** As rows name it. */
  readonly name: string;
  /** Number of its field in the message. */
  readonly number: number;
  /** Of the field that holds what its indexes point at, where it has one. */
  readonly dictionary: number;
  /** As the message names it, for errors. */
  readonly title: string;
}

/**
 * The code that each type of column comes to, in `columns-code.ts`: expressions and statements of JavaScript. A reader has
 * its columns under their names, its sets (of segments, features, words) under the name with `Sets` behind it; so has a
 * writer.
 */
export interface ColumnCode {
  /** What collects it: a typed array, or only sets. */
  readonly array: 'indexes' | 'numbers' | null;
  /** What else a writer has, made by this expression. */
  readonly sets?: string;
  /** In a reader's constructor. */
  read(column: ColumnPlace): string;
  /** In a view: its value. */
  get(name: string): string;
  /** In a writer: takes it from any row. */
  add(name: string): string;
  /** The same from a view, where that can be done without making a text. */
  readonly copy?: (name: string) => string;
  /** At the end of a record. */
  finish(column: ColumnPlace): string;
}

const at = (name: string): string => `this.columns.${name}[this.row]`;
const packed = (how: string) => (column: ColumnPlace) =>
  `parts.add(${column.number}, ${how}(columns.${column.name}.subarray(0, count)));`;
const indexes = ({ number, title }: ColumnPlace): string => `readIndexes(fields.bytes(${number}), count, '${title}')`;

/** Entries of the record's dictionary. */
const text = {
  array: 'indexes',
  read: (column) => `this.${column.name} = checkIndexes(${indexes(column)}, dictionary.length, '${column.title}');`,
  get: (name) => `this.columns.dictionary.text(${at(name)})`,
  finish: packed('packIndexes'),
} as const satisfies Partial<ColumnCode>;

const number = {
  array: 'numbers',
  read: ({ name, number: field, title }) => `this.${name} = readNumbers(fields.bytes(${field}), count, '${title}');`,
  get: at,
  add: (name) => `columns.${name}[at] = row.${name};`,
  finish: packed('packNumbers'),
} as const satisfies ColumnCode;

/** Most rows have none. */
const namedNumbers: ColumnCode = {
  array: null,
  sets: 'new NamedNumbersWriter()',
  read: ({ name, number: field }) => `this.${name}Sets = new NamedNumbersReader(fields.all(${field}));`,
  get: (name) => `this.columns.${name}Sets.of(this.row)`,
  add: (name) => `this.${name}Sets.add(at, row.${name});`,
  finish: ({ name, number: field }) => `this.${name}Sets.addTo(parts, ${field});`,
};

export const columnCode: Readonly<Record<ColumnType, ColumnCode>> = {
  text: {
    ...text,
    // Looks up only what differs from the row before.
    add: (name) =>
      `columns.${name}[at] = before !== null && before.${name} === row.${name} ? columns.${name}[at - 1] : dictionary.index(row.${name});`,
    copy: (name) => `columns.${name}[at] = entries.index(from.${name}[row.row]);`,
  },
  unique: {
    ...text,
    add: (name) => `columns.${name}[at] = dictionary.append(row.${name});`,
    copy: (name) => `columns.${name}[at] = dictionary.appendFrom(reader, from.${name}[row.row]);`,
  },
  run: {
    ...text,
    add: (name) =>
      `columns.${name}[at] = before !== null && before.${name} === row.${name} ? columns.${name}[at - 1] : dictionary.append(row.${name});`,
    copy: (name) =>
      `columns.${name}[at] = beside && from.${name}[before.row] === from.${name}[row.row] ? columns.${name}[at - 1] : dictionary.appendFrom(reader, from.${name}[row.row]);`,
  },
  number,
  time: { ...number, finish: packed('packEveryNumber') },
  role: {
    array: 'indexes',
    read: (column) => `this.${column.name} = ${indexes(column)};`,
    get: at,
    add: (name) => `columns.${name}[at] = row.${name};`,
    finish: packed('packIndexes'),
  },
  word: {
    array: 'indexes',
    read: (column) =>
      `this.${column.name} = checkIndexes(${indexes(column)}, words.${column.name}.length, '${column.title}');`,
    get: (name) => `words.${name}[${at(name)}]`,
    add: (name) => `columns.${name}[at] = words.${name}.indexOf(row.${name});`,
    finish: packed('packIndexes'),
  },
  segments: {
    array: 'indexes',
    sets: 'new SegmentsWriter()',
    read: (column) =>
      `this.${column.name}Sets = readSegments(fields.all(${column.dictionary}));` +
      `this.${column.name} = checkIndexes(${indexes(column)}, this.${column.name}Sets.length, '${column.title}');`,
    get: (name) => `this.columns.${name}Sets[${at(name)}]`,
    add: (name) => `columns.${name}[at] = this.${name}Sets.index(row.${name});`,
    finish: (column) => `${packed('packIndexes')(column)} this.${column.name}Sets.addTo(parts, ${column.dictionary});`,
  },
  features: namedNumbers,
  probabilities: namedNumbers,
};
