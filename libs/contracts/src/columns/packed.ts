/**
 * Columns of numbers as packed little-endian bytes, read back as typed arrays.
 *
 * Every platform that Node.js is built for and that this product supports is little-endian; `assertLittleEndian` says so
 * at start rather than writing bytes that nobody else can read.
 */

const none = new Uint8Array(0);

/** An unsigned column of any width. */
export type IndexColumn = Uint8Array | Uint16Array | Uint32Array;

/** @returns the column, or nothing at all when every value is absent (NaN). */
export function packNumbers(values: Float64Array): Uint8Array {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) return bytesOf(values);
  }
  return none;
}

/** A column whose length tells how many rows there are: never left out. */
export function packEveryNumber(values: Float64Array): Uint8Array {
  return bytesOf(values);
}

/** @param name of the column, for the error when its length is wrong. */
export function readNumbers(bytes: Uint8Array, count: number, name: string): Float64Array {
  if (bytes.length === 0) return absentNumbers(count);
  if (bytes.length !== count * 8) throw wrongLength(name, bytes.length, `${count * 8} or 0`);
  return new Float64Array(alignedBuffer(bytes, 8).buffer, alignedOffset(bytes, 8), count);
}

/** @returns the column in the narrowest of 8, 16 and 32 bits that holds it, or nothing when every value is 0. */
export function packIndexes(values: Uint32Array): Uint8Array {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > largest) largest = value;
  }
  if (largest === 0) return none;
  if (largest < 0x100) return new Uint8Array(values);
  if (largest < 0x10000) return bytesOf(new Uint16Array(values));
  return bytesOf(values);
}

/** Bytes that `packIndexes` takes at most for an index among so many entries. */
export function indexWidth(entries: number): number {
  if (entries <= 0x100) return 1;
  return entries <= 0x10000 ? 2 : 4;
}

/** A column of 32 bits a value, whatever they are. */
export function packIndexes32(values: readonly number[]): Uint8Array {
  return bytesOf(Uint32Array.from(values));
}

/** Reads what `packIndexes` wrote: the width follows from the number of rows. */
export function readIndexes(bytes: Uint8Array, count: number, name: string): IndexColumn {
  if (bytes.length === 0) return zeros(count);
  if (bytes.length === count) return bytes;
  if (bytes.length === count * 2) {
    return new Uint16Array(alignedBuffer(bytes, 2).buffer, alignedOffset(bytes, 2), count);
  }
  if (bytes.length === count * 4) {
    return new Uint32Array(alignedBuffer(bytes, 4).buffer, alignedOffset(bytes, 4), count);
  }
  throw wrongLength(name, bytes.length, `0, ${count}, ${count * 2} or ${count * 4}`);
}

/** Columns that were left out, by length: nobody writes into what was read. A column of few rows costs mostly itself. */
const zeroColumns: Uint8Array[] = [];
const absentColumns: Float64Array[] = [];
const mostShared = 64;

function zeros(count: number): Uint8Array {
  if (count > mostShared) return new Uint8Array(count);
  return (zeroColumns[count] ??= new Uint8Array(count));
}

function absentNumbers(count: number): Float64Array {
  if (count > mostShared) return new Float64Array(count).fill(NaN);
  return (absentColumns[count] ??= new Float64Array(count).fill(NaN));
}

/**
 * @param entries how many there are to point at
 * @returns the column
 * @throws {Error} when a row points at an entry that does not exist
 */
export function checkIndexes(column: IndexColumn, entries: number, name: string): IndexColumn {
  for (let row = 0; row < column.length; row++) {
    if ((column[row] as number) >= entries) {
      throw new Error(`row ${row} of column ${name} points at entry ${column[row]}, there are ${entries}`);
    }
  }
  return column;
}

function bytesOf(values: Float64Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The bytes themselves where a typed array may lie on them, else a copy. */
function alignedBuffer(bytes: Uint8Array, width: number): Uint8Array<ArrayBufferLike> {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
}

function alignedOffset(bytes: Uint8Array, width: number): number {
  return bytes.byteOffset % width === 0 ? bytes.byteOffset : 0;
}

function wrongLength(name: string, found: number, expected: string): Error {
  return new Error(`column ${name} has ${found} bytes, expected ${expected}`);
}

function assertLittleEndian(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) throw new Error('columns need a little-endian processor');
}

assertLittleEndian();
