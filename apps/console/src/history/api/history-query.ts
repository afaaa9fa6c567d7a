import { BadRequestException } from '@nestjs/common';
import { nearest } from '@moola/contracts/definitions/nearest';
import type { FileFormat, Filter } from '../port/history-store.js';
import { columnsOf, keyOf, timeOf, type Column, type Table, type Value } from '../schema/table.js';

/** Rows of one answer. */
export const mostRows = 10_000;
const mostValues = 100;
/** The largest instant that there is, in milliseconds. */
const mostMs = 8.64e15;

/** What was asked of a table, read and checked. */
export interface HistoryQuery {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly filters: readonly Filter[];
  readonly columns: readonly string[];
  readonly resolutionMs: number | null;
  readonly limit: number;
  readonly after: readonly Value[] | null;
  readonly newestFirst: boolean;
  readonly format: 'json' | FileFormat;
}

const own = ['from', 'to', 'resolution', 'columns', 'limit', 'after', 'order', 'format'] as const;

/** Columns by which rows may be chosen: those that hold a name, a number or yes and no. */
export const filterColumns = (table: Table): readonly Column[] =>
  columnsOf(table).filter(({ type }) => type !== 'instant' && type !== 'json');

type Parameters = Readonly<Record<string, unknown>>;

/** @throws {BadRequestException} that names each parameter that is wrong, and what it may be */
export function historyQuery(table: Table, parameters: Parameters): HistoryQuery {
  const problems: string[] = [];
  const one = (name: (typeof own)[number]): string | null => {
    const value = parameters[name];
    if (value === undefined) return null;
    if (typeof value === 'string') return value;
    problems.push(`${name}: is given more than once`);
    return null;
  };
  const read = <T>(name: (typeof own)[number], parse: (text: string) => T | Problem): T | null => {
    const text = one(name);
    const value = text === null ? null : parse(text);
    if (!(value instanceof Problem)) return value;
    problems.push(`${name}: ${value.words}`);
    return null;
  };
  const query: HistoryQuery = {
    fromMs: read('from', timeOfText),
    toMs: read('to', timeOfText),
    filters: filtersOf(table, parameters, problems),
    columns: read('columns', (text) => columnsOfText(table, text)) ?? columnsOf(table).map(({ name }) => name),
    resolutionMs: read('resolution', (text) => resolutionOfText(table, text)),
    limit: read('limit', limitOfText) ?? 1000,
    after: read('after', (text) => cursorOfText(table, text)),
    newestFirst: read('order', (text) => oneOf(text, ['oldest', 'newest'])) === 'newest',
    format: read('format', (text) => oneOf(text, ['json', 'csv', 'parquet'])) ?? 'json',
  };
  if (query.fromMs !== null && query.toMs !== null && query.fromMs >= query.toMs)
    problems.push('from: must be before to');
  if (problems.length > 0) throw new BadRequestException(problems);
  return query;
}

class Problem {
  constructor(readonly words: string) {}
}

const quoted = (text: string): string => `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;

function timeOfText(text: string): number | Problem {
  const wrong = new Problem(
    `${quoted(text)} is no time: give milliseconds since the epoch, or ISO 8601 with a zone, as 2026-01-31T12:00:00Z`,
  );
  if (/^-?\d{1,16}$/.test(text)) return Math.abs(Number(text)) <= mostMs ? Number(text) : wrong;
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return wrong;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? wrong : ms;
}

const units: Readonly<Record<string, number>> = { '': 1, m: 60_000, h: 3_600_000, d: 86_400_000 };

function resolutionOfText(table: Table, text: string): number | Problem {
  if (table.kind === 'rows') return new Problem(`table ${table.name} holds rows as they are: it has no resolution`);
  const [, digits = '', unit = ''] = /^(\d{1,12})(m|h|d)?$/.exec(text) ?? [];
  const ms = Number(digits) * (units[unit] ?? 1);
  if (digits === '' || ms < 60_000 || ms % 60_000 !== 0)
    return new Problem(
      `${quoted(text)} is no whole number of minutes: give 1m, 10m, 1h, 1d …, or milliseconds from 60000`,
    );
  return ms;
}

function columnsOfText(table: Table, text: string): readonly string[] | Problem {
  const known = columnsOf(table).map(({ name }) => name);
  const asked = text.split(',').map((each) => each.trim());
  const unknown = asked.find((each) => !known.includes(each));
  return unknown === undefined ? [...new Set(asked)] : new Problem(unknownName(unknown, known, 'column'));
}

function unknownName(name: string, known: readonly string[], what: string): string {
  const near = nearest(name.slice(0, 80), known);
  return `${quoted(name)} is no ${what}${near === undefined || near === null ? '' : `: did you mean ${near}?`}; there are ${known.join(', ')}`;
}

function limitOfText(text: string): number | Problem {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= mostRows ? limit : new Problem(`${quoted(text)} is no number from 1 to ${mostRows}`);
}

function oneOf<T extends string>(text: string, choices: readonly T[]): T | Problem {
  return choices.find((each) => each === text) ?? new Problem(`${quoted(text)} is none of ${choices.join(', ')}`);
}

function filtersOf(table: Table, parameters: Parameters, problems: string[]): Filter[] {
  const columns = filterColumns(table);
  const filters: Filter[] = [];
  for (const [name, given] of Object.entries(parameters)) {
    if ((own as readonly string[]).includes(name)) continue;
    const column = columns.find((each) => each.name === name);
    const values = [given].flat();
    if (column === undefined) {
      const known = [...own, ...columns.map((each) => each.name)];
      problems.push(unknownName(name, known, `parameter of table ${table.name}`));
    } else if (values.length > mostValues) problems.push(`${name}: at most ${mostValues} values`);
    else {
      const read = values.map((value) => filterValue(column, value));
      const wrong = read.find((value) => value instanceof Problem);
      if (wrong instanceof Problem) problems.push(`${name}: ${wrong.words}`);
      else filters.push({ column: name, values: read as Value[] });
    }
  }
  return filters;
}

function filterValue({ type }: Column, given: unknown): Value | Problem {
  if (typeof given !== 'string') return new Problem('is no text');
  if (type === 'text') return given;
  if (type === 'boolean')
    return given === 'true'
      ? true
      : given === 'false'
        ? false
        : new Problem(`${quoted(given)} is neither true nor false`);
  const number = given.trim() === '' ? NaN : Number(given);
  const suits = type === 'count' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return suits ? number : new Problem(`${quoted(given)} is no ${type === 'count' ? 'whole ' : ''}number`);
}

/** The order of rows, and so what an answer goes on after: the time, then the rest of the key. */
const orderOf = (table: Table): readonly Column[] => {
  const names = [timeOf(table), ...keyOf(table).filter((name) => name !== timeOf(table))];
  return names.map((name) => columnsOf(table).find((column) => column.name === name)!);
};

/** What to give as `after` for the rows after this one. */
export function cursorOf(table: Table, row: Readonly<Record<string, Value>>): string {
  return Buffer.from(JSON.stringify(orderOf(table).map(({ name }) => row[name] ?? null))).toString('base64url');
}

function cursorOfText(table: Table, text: string): readonly Value[] | Problem {
  const wrong = new Problem('is not what the answer before gave as next: begin again without it');
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return wrong;
  }
  const order = orderOf(table);
  const suits = ({ type }: Column, value: unknown) =>
    typeof value === (type === 'text' || type === 'json' ? 'string' : type === 'boolean' ? 'boolean' : 'number');
  if (!Array.isArray(values) || values.length !== order.length) return wrong;
  return order.every((column, at) => suits(column, values[at])) ? (values as Value[]) : wrong;
}
