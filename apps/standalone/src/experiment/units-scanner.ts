import { largestValue } from '@moola/statistics/arms/wide-sums';
import { readCsvRows } from '../replay/csv-rows.js';
import { decimal } from '../replay/decimal.js';

/** What is done with the cells of a row, a unit. */
export interface RowSink {
  /** @param arm its number, in order of appearance. @param values of the number columns; `NaN` where the cell is empty. */
  row(arm: number, values: Float64Array, unit: string | null): void;
  refused(line: number, problem: string): void;
}

export interface ScannedColumns {
  readonly header: readonly string[];
  readonly arm: number;
  readonly unit: number | null;
  /** Places of the columns with numbers, each once. */
  readonly numbers: readonly number[];
  /** Of each of these, whether it may only be 0 or 1. */
  readonly isBinary: readonly boolean[];
}

const [comma, quote, newline, carriage, zero, nine, point, minus] = [44, 34, 10, 13, 48, 57, 46, 45];
const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads a CSV file's rows from its bytes: arms are told apart and numbers are made without a string each. What is not plainly right (quotes,
 * exponents, many digits) is read again as text, and only then refused. A row that is refused counts nowhere.
 */
export class UnitsScanner {
  readonly arms: string[] = [];
  private readonly armBytes: Uint8Array[] = [];
  private readonly roles: Int32Array;
  private readonly values: Float64Array;
  private lastArm = 0;
  private rest: Uint8Array = new Uint8Array(0);

  /** @param line of the first row */
  constructor(
    private readonly columns: ScannedColumns,
    private readonly sink: RowSink,
    private line: number,
  ) {
    // −1: passed over; −2: the arm; −3: the unit; else which number it is.
    this.roles = new Int32Array(columns.header.length).fill(-1);
    columns.numbers.forEach((place, i) => (this.roles[place] = i));
    this.roles[columns.arm] = -2;
    if (columns.unit !== null) this.roles[columns.unit] = -3;
    this.values = new Float64Array(columns.numbers.length);
  }

  read(chunk: Uint8Array, isLast: boolean): void {
    // A plain view: the optimizer knows one kind of array then, and slices are copies.
    let bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + chunk.length);
      bytes.set(this.rest);
      bytes.set(chunk, this.rest.length);
    }
    let at = 0;
    while (at < bytes.length) {
      const next = this.quickRow(bytes, at);
      if (next > 0) {
        at = next;
        continue;
      }
      const end = this.endOfRow(bytes, at);
      if (end < 0 && !isLast) break;
      const stop = end < 0 ? bytes.length : end;
      this.slowRow(bytes.subarray(at, stop));
      at = stop;
    }
    this.rest = at < bytes.length ? bytes.slice(at) : new Uint8Array(0);
  }

  /** @returns where the next row begins; 0: this one is not plainly right, or not all there */
  private quickRow(bytes: Uint8Array, start: number): number {
    const { roles, values, columns } = this;
    const end = bytes.length;
    const width = roles.length;
    let at = start;
    let arm = -1;
    let unit: string | null = null;
    for (let column = 0; column < width; column++) {
      const role = roles[column] as number;
      const isEnd = column === width - 1;
      if (role >= 0) {
        let isNegative = false;
        if (bytes[at] === minus) {
          isNegative = true;
          at++;
        }
        const first = at;
        let mantissa = 0;
        let pointAt = -1;
        let byte = 0;
        for (; at < end; at++) {
          byte = bytes[at] as number;
          if (byte >= zero && byte <= nine) mantissa = mantissa * 10 + (byte - zero);
          else if (byte === point && pointAt < 0) pointAt = at;
          else break;
        }
        if (at >= end) return 0;
        const digits = at - first - (pointAt < 0 ? 0 : 1);
        // Up to 15 digits, and divided by a power of ten that is exact: the nearest double.
        if (digits > 15) return 0;
        if (digits === 0) {
          if (isNegative || pointAt >= 0) return 0;
          values[role] = NaN;
        } else {
          const value = pointAt < 0 ? mantissa : mantissa / (powersOfTen[at - pointAt - 1] as number);
          if (columns.isBinary[role] === true && value !== 0 && value !== 1) return 0;
          values[role] = isNegative ? -value : value;
        }
      } else {
        const first = at;
        let byte = 0;
        for (; at < end; at++) {
          byte = bytes[at] as number;
          if (byte === comma || byte === newline || byte === carriage || byte === quote) break;
        }
        if (at >= end || byte === quote) return 0;
        if (role === -2) arm = this.armOf(bytes, first, at);
        else if (role === -3) {
          unit = textOf(bytes, first, at);
          if (unit === '') return 0;
        }
      }
      const last = bytes[at] as number;
      if (isEnd) {
        if (last === newline) at++;
        else if (last === carriage && bytes[at + 1] === newline) at += 2;
        else return 0;
      } else if (last === comma) at++;
      else return 0;
    }
    if (arm < 0) return 0;
    this.line++;
    this.sink.row(arm, values, unit);
    return at;
  }

  /** -1 for an empty cell. */
  private armOf(bytes: Uint8Array, from: number, to: number): number {
    if (to === from) return -1;
    const { armBytes } = this;
    if (this.isArm(this.lastArm, bytes, from, to)) return this.lastArm;
    for (let i = 0; i < armBytes.length; i++) if (this.isArm(i, bytes, from, to)) return (this.lastArm = i);
    this.armBytes.push(bytes.slice(from, to));
    this.arms.push(textOf(bytes, from, to));
    return (this.lastArm = this.arms.length - 1);
  }

  private isArm(arm: number, bytes: Uint8Array, from: number, to: number): boolean {
    const known = this.armBytes[arm];
    if (known === undefined || known.length !== to - from) return false;
    for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
    return true;
  }

  /** Behind the end of the row's line, past line ends in quotes; −1: it is not all there. */
  private endOfRow(bytes: Uint8Array, start: number): number {
    let isQuoted = false;
    for (let at = start; at < bytes.length; at++) {
      if (bytes[at] === quote) isQuoted = !isQuoted;
      else if (bytes[at] === newline && !isQuoted) return at + 1;
    }
    return -1;
  }

  private slowRow(bytes: Uint8Array): void {
    const text = textOf(bytes, 0, bytes.length);
    const { line, sink } = this;
    this.line += Math.max(1, text.split('\n').length - (text.endsWith('\n') ? 1 : 0));
    if (text.trim() === '') return;
    readCsvRows(text, {
      row: (cells) => {
        const problem = this.slowCells(cells);
        if (problem !== null) sink.refused(line, problem);
      },
      unclear: (fault) => sink.refused(line, `a quote ${fault}`),
    });
  }

  /** @returns what is wrong, or `null` */
  private slowCells(cells: readonly string[]): string | null {
    const { columns, values } = this;
    const { header, numbers, isBinary } = columns;
    if (cells.length !== header.length) return `has ${cells.length} cells, the header ${header.length}`;
    for (let i = 0; i < numbers.length; i++) {
      const place = numbers[i] as number;
      const text = (cells[place] as string).trim();
      const value = text === '' ? NaN : valueOf(text, isBinary[i] === true);
      if (typeof value === 'string') return `${header[place]}: "${text.slice(0, 40)}" ${value}`;
      values[i] = value;
    }
    const armText = (cells[columns.arm] as string).trim();
    if (armText === '') return `${header[columns.arm]}: is empty`;
    const unit = columns.unit === null ? null : (cells[columns.unit] as string);
    if (unit === '') return `${header[columns.unit ?? 0]}: is empty`;
    const armBytes = new TextEncoder().encode(armText);
    this.sink.row(this.armOf(armBytes, 0, armBytes.length), values, unit);
    return null;
  }
}

const words: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['false', 0],
]);

/** @returns a number, or what is wrong with it */
function valueOf(text: string, isBinary: boolean): number | string {
  if (isBinary) {
    const value = words.get(text.toLowerCase()) ?? (decimal.test(text) ? Number(text) : NaN);
    return value === 0 || value === 1 ? value : 'is neither 0 nor 1';
  }
  if (!decimal.test(text)) return 'is no finite number';
  const value = Number(text);
  return Math.abs(value) <= largestValue ? value : 'is beyond 1e100';
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
