import type { PackedReader, PackedWriter } from './packed-numbers.js';

/** Bins of an octave (from a power of two to the next). */
const binsPerOctave = 64;
const octaves = 32;
const lowestExponent = -10;
const lowest = 2 ** lowestExponent;
const topBin = octaves * binsPerOctave;

/** A percentile differs from the exact one by at most this share of it, within the sketch's range. */
export const relativeError = 1 / (2 * binsPerOctave);

/** The sketch's range: 2⁻¹⁰ (about 0.001) to 2²² (about 4.2 million). Smaller values count as 0, larger as the top. */
export const sketchRange = { from: lowest, to: 2 ** (lowestExponent + octaves) } as const;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const highWord = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;

/**
 * The bin of a value: 0 for all below the range, else 1 + octave · 64 + the highest six bits of the mantissa. Taken
 * from the number's bits, so that it is the same on every machine, which a logarithm is not.
 */
export function binOf(value: number): number {
  if (!(value >= lowest)) return 0;
  scratch[0] = value;
  const high = words[highWord] as number;
  const bin = 1 + (((high >>> 20) & 0x7ff) - 1023 - lowestExponent) * binsPerOctave + ((high >>> 14) & 0x3f);
  return bin > topBin ? topBin : bin;
}

/** The middle of a bin. */
export function valueOf(bin: number): number {
  if (bin === 0) return 0;
  const octave = Math.floor((bin - 1) / binsPerOctave) + lowestExponent;
  const step = (bin - 1) % binsPerOctave;
  return 2 ** octave * (1 + (step + 0.5) / binsPerOctave);
}

/**
 * Counts of values in bins of equal relative width, for percentiles with a bounded relative error (the idea of
 * HdrHistogram, and of DDSketch: C. Masson, J. E. Rim and H. K. Lee, VLDB 2019, with their linear interpolation).
 * Whole numbers in fixed bins: the same values give the same sketch in any order; adding and subtracting are exact;
 * bytes and back change nothing. Holds what occurred only: 16 bytes a bin, at most 2,049 bins.
 */
export class QuantileSketch {
  /** How many values it holds. */
  count = 0;
  /** How many of them lay outside the range and were moved to its end; 0 itself is within. */
  collapsed = 0;
  /**
   * Bins in order, each followed by its count. A plain array: most sketches hold few bins, and two typed arrays take 500
   * bytes before they hold more than eight.
   */
  private cells: number[] = empty;

  add(value: number): void {
    const bin = binOf(value);
    this.count++;
    if (value >= sketchRange.to || (bin === 0 && value !== 0)) this.collapsed++;
    const at = this.find(bin);
    if (at < this.cells.length && this.cells[at] === bin) (this.cells[at + 1] as number)++;
    else this.insert(at, bin, 1);
  }

  /** Adds all that another sketch holds. */
  merge(other: QuantileSketch): void {
    this.combine(other, 1);
  }

  /** Takes away what was merged before. */
  subtract(other: QuantileSketch): void {
    this.combine(other, -1);
  }

  /** Bins that hold something, in order, as [bin, count]. */
  *entries(): IterableIterator<[number, number]> {
    for (let i = 0; i < this.cells.length; i += 2) yield [this.cells[i] as number, this.cells[i + 1] as number];
  }

  /** Bytes that its bins take in memory. */
  get bytes(): number {
    return this.cells.length * 8;
  }

  write(writer: PackedWriter): void {
    const { cells } = this;
    writer.number(cells.length / 2);
    writer.number(this.collapsed);
    let last = 0;
    for (let i = 0; i < cells.length; i += 2) {
      writer.number((cells[i] as number) - last);
      writer.number(cells[i + 1] as number);
      last = cells[i] as number;
    }
  }

  static read(reader: PackedReader): QuantileSketch {
    const sketch = new QuantileSketch();
    const size = reader.number();
    sketch.collapsed = reader.number();
    if (size > 0) sketch.cells = [];
    let bin = 0;
    for (let i = 0; i < size; i++) {
      bin += reader.number();
      const count = reader.number();
      sketch.cells.push(bin, count);
      sketch.count += count;
    }
    return sketch;
  }

  /**
   * The percentile of two sketches together, by nearest rank: the smallest value that at least `percent` % of the values
   * do not exceed. `undefined` without values.
   * @param percent above 0, at most 100
   */
  static percentile(percent: number, first: QuantileSketch, second: QuantileSketch): number | undefined {
    const total = first.count + second.count;
    if (total === 0) return undefined;
    const rank = Math.ceil((total * percent) / 100);
    // From the end that is nearer: budgets and rules look at high percentiles, at every tick.
    return 2 * rank > total
      ? fromTop(total - rank, first.cells, second.cells)
      : fromBottom(rank, first.cells, second.cells);
  }

  /** Where a bin stands, or belongs. */
  private find(bin: number): number {
    const { cells } = this;
    let low = 0;
    let high = cells.length >>> 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cells[2 * middle] as number) < bin) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }

  private insert(at: number, bin: number, count: number): void {
    if (this.cells === empty) {
      this.cells = [bin, count];
      return;
    }
    const { cells } = this;
    if (cells.length < fewCells) {
      this.cells = [...cells.slice(0, at), bin, count, ...cells.slice(at)];
      return;
    }
    cells.push(0, 0);
    for (let i = cells.length - 1; i > at + 1; i--) cells[i] = cells[i - 2] as number;
    cells[at] = bin;
    cells[at + 1] = count;
  }

  private combine(other: QuantileSketch, sign: 1 | -1): void {
    this.count += sign * other.count;
    this.collapsed += sign * other.collapsed;
    if (!this.combineInPlace(other, sign)) this.cells = combined(this.cells, other.cells, sign);
  }

  /** Does nothing and says so when bins come or go. */
  private combineInPlace({ cells: theirs }: QuantileSketch, sign: 1 | -1): boolean {
    const { cells } = this;
    let i = 0;
    for (let j = 0; j < theirs.length; j += 2) {
      while (binAt(cells, i) < (theirs[j] as number)) i += 2;
      if (cells[i] !== theirs[j] || (cells[i + 1] as number) + sign * (theirs[j + 1] as number) === 0) return false;
    }
    i = 0;
    for (let j = 0; j < theirs.length; j += 2) {
      while ((cells[i] as number) < (theirs[j] as number)) i += 2;
      (cells[i + 1] as number) += sign * (theirs[j + 1] as number);
    }
    return true;
  }
}

/** So few are copied to make room: an array that grows by itself makes room for 17 more. */
const fewCells = 16;

/** Shared by the sketches that hold nothing: never changed. */
const empty: number[] = [];

function binAt(cells: readonly number[], at: number): number {
  return at < cells.length ? (cells[at] as number) : Infinity;
}

/** The value that `rank` values do not exceed, and no lower one. */
function fromBottom(rank: number, mine: readonly number[], theirs: readonly number[]): number {
  let passed = 0;
  let i = 0;
  let j = 0;
  for (;;) {
    const bin = Math.min(binAt(mine, i), binAt(theirs, j));
    if (mine[i] === bin) {
      passed += mine[i + 1] as number;
      i += 2;
    }
    if (theirs[j] === bin) {
      passed += theirs[j + 1] as number;
      j += 2;
    }
    if (passed >= rank) return valueOf(bin);
  }
}

/** The value that `above` values exceed at most, and no lower one. */
function fromTop(above: number, mine: readonly number[], theirs: readonly number[]): number {
  let passed = 0;
  let i = mine.length - 2;
  let j = theirs.length - 2;
  for (;;) {
    const bin = Math.max(i < 0 ? -1 : (mine[i] as number), j < 0 ? -1 : (theirs[j] as number));
    if (mine[i] === bin) {
      passed += mine[i + 1] as number;
      i -= 2;
    }
    if (theirs[j] === bin) {
      passed += theirs[j + 1] as number;
      j -= 2;
    }
    if (passed > above) return valueOf(bin);
  }
}

function combined(mine: readonly number[], theirs: readonly number[], sign: 1 | -1): number[] {
  if (mine.length === 0 && sign === 1) return theirs.length === 0 ? empty : theirs.slice();
  const cells: number[] = [];
  let i = 0;
  let j = 0;
  while (i < mine.length || j < theirs.length) {
    const bin = Math.min(binAt(mine, i), binAt(theirs, j));
    let count = 0;
    if (mine[i] === bin) {
      count += mine[i + 1] as number;
      i += 2;
    }
    if (theirs[j] === bin) {
      count += sign * (theirs[j + 1] as number);
      j += 2;
    }
    if (count !== 0) cells.push(bin, count);
  }
  return cells.length === 0 ? empty : cells;
}
