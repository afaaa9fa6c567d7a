import type { Fraction } from '@moola/metrics/fraction';
import type { PackedReader, PackedWriter } from './packed-numbers.js';

/**
 * Sums of fractional and signed numbers that are exact: the same in whatever order they are added and taken away, so that
 * a window that moved on equals one counted anew (the idea of U. Kulisch's long accumulator, in a fixed range). A number is
 * kept as `limbs` words of 48 bits, the lowest first, each from 0 to 2⁴⁸ − 1 but for the highest, which has the sign.
 *
 * The lowest bit stands for 2⁻⁹⁶: smaller parts of a term are rounded away, of each term alike. Sums up to 2²⁴⁰ fit: those
 * of squares of any number of values within `telemetry-numbers.ts`.
 */
export const limbs = 7;

const limbBits = 48;
const limbSize = 2 ** limbBits;
const lowestBit = -96;
/** Below it a term does not fill its 53 bits above the lowest bit. */
const small = 2 ** (lowestBit + 53);
const toLowest = 2 ** -lowestBit;

const bits = new DataView(new ArrayBuffer(8));

/** Adds a finite number to the sum that begins at `at`. @param sign −1: takes it away */
export function addExact(values: Float64Array, at: number, term: number, sign: 1 | -1 = 1): void {
  const size = Math.abs(term);
  const direction = term < 0 ? -sign : sign;
  if (size < small) {
    addAt(values, at, 0, direction * Math.round(size * toLowest));
    return;
  }
  bits.setFloat64(0, size);
  const high = bits.getUint32(0);
  // What is not small is no subnormal number: its 53 bits begin with one that is not written.
  const mantissa = ((high & 0xfffff) | 0x100000) * 2 ** 32 + bits.getUint32(4);
  const shift = (high >>> 20) - 1075 - lowestBit;
  const limb = Math.floor(shift / limbBits);
  const offset = shift % limbBits;
  const inFirst = 2 ** (limbBits - offset);
  const first = mantissa % inFirst;
  const rest = (mantissa - first) / inFirst;
  const second = rest % limbSize;
  addAt(values, at, limb, direction * first * 2 ** offset);
  if (rest === 0) return;
  addAt(values, at, limb + 1, direction * second);
  if (rest !== second) addAt(values, at, limb + 2, direction * ((rest - second) / limbSize));
}

/** Adds to one word, and passes on what does not fit. @param term of a size below 2⁵² */
function addAt(values: Float64Array, at: number, limb: number, term: number): void {
  let passed = term;
  for (let i = limb; i < limbs - 1; i++) {
    if (passed === 0) return;
    const sum = values[at + i]! + passed;
    passed = Math.floor(sum / limbSize);
    values[at + i] = sum - passed * limbSize;
  }
  values[at + limbs - 1]! += passed;
}

/** Adds one sum to another. @param sign −1: takes it away */
export function addExactSum(values: Float64Array, to: number, from: number, sign: 1 | -1 = 1): void {
  let passed = 0;
  for (let i = 0; i < limbs - 1; i++) {
    const sum = values[to + i]! + sign * values[from + i]! + passed;
    passed = Math.floor(sum / limbSize);
    values[to + i] = sum - passed * limbSize;
  }
  values[to + limbs - 1]! += sign * values[from + limbs - 1]! + passed;
}

/** Exact sums as whole numbers of `exactUnit`. */
export function exactUnits(values: Float64Array, at: number): bigint {
  let units = 0n;
  for (let i = limbs - 1; i >= 0; i--) units = units * limbSizeBig + BigInt(values[at + i]!);
  return units;
}

const limbSizeBig = BigInt(limbSize);

/** What one of `exactUnits` stands for. */
export const exactUnit = 2 ** lowestBit;

const unitsInOne = BigInt(1 / exactUnit);

/** So many units as a ratio of whole numbers. */
export function fractionOfUnits(units: bigint): Fraction {
  return { numerator: units, denominator: unitsInOne };
}

/** Puts whole units into words: what `exactUnits` gives. */
export function setExact(values: Float64Array, at: number, units: bigint): void {
  let rest = units;
  for (let i = 0; i < limbs - 1; i++) {
    values[at + i] = Number(BigInt.asUintN(limbBits, rest));
    rest >>= BigInt(limbBits);
  }
  values[at + limbs - 1] = Number(rest);
}

const size = new Float64Array(2 * limbs);

/** How many words are used with the sign, then these: a sum that is 0 takes one byte. */
export function writeExact(values: Float64Array, at: number, writer: PackedWriter): void {
  size.fill(0);
  size.set(values.subarray(at, at + limbs), limbs);
  const negative = size[2 * limbs - 1]! < 0;
  addExactSum(size, 0, limbs, negative ? -1 : 1);
  let used = limbs;
  while (used > 0 && size[used - 1] === 0) used--;
  writer.number(2 * used + (negative ? 1 : 0));
  for (let i = 0; i < used; i++) writer.number(size[i]!);
}

/** Reads what `writeExact` wrote into words of zeros. */
export function readExact(values: Float64Array, at: number, reader: PackedReader): void {
  const head = reader.number();
  size.fill(0);
  for (let i = 0; i < Math.floor(head / 2); i++) size[limbs + i] = reader.number();
  addExactSum(size, 0, limbs, head % 2 === 1 ? -1 : 1);
  values.set(size.subarray(0, limbs), at);
}
