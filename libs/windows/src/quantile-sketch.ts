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
 * bytes and back change nothing. Holds what occurred only: ten bytes a bin, at most 2,049 bins.
 */
export class QuantileSketch {
  /** How many values it holds. */
  count = 0;
  /** How many of them lay outside the range and were moved to its end; 0 itself is within. */
  collapsed = 0;
  private bins = new Uint16Array(8);
  private counts = new Float64Array(8);
  private size = 0;

  add(value: number): void {
    const bin = binOf(value);
    this.count++;
    if (value >= sketchRange.to || (bin === 0 && value !== 0)) this.collapsed++;
    const at = this.find(bin);
    if (at < this.size && this.bins[at] === bin) {
      (this.counts[at] as number)++;
      return;
    }
    this.insert(at, bin, 1);
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
    for (let i = 0; i < this.size; i++) yield [this.bins[i] as number, this.counts[i] as number];
  }

  /** Bytes that its bins take in memory. */
  get bytes(): number {
    return this.bins.byteLength + this.counts.byteLength;
  }

  write(writer: PackedWriter): void {
    writer.number(this.size);
    writer.number(this.collapsed);
    let last = 0;
    for (let i = 0; i < this.size; i++) {
      writer.number((this.bins[i] as number) - last);
      writer.number(this.counts[i] as number);
      last = this.bins[i] as number;
    }
  }

  static read(reader: PackedReader): QuantileSketch {
    const sketch = new QuantileSketch();
    const size = reader.number();
    sketch.collapsed = reader.number();
    sketch.reserve(size);
    let bin = 0;
    for (let i = 0; i < size; i++) {
      bin += reader.number();
      sketch.bins[i] = bin;
      sketch.counts[i] = reader.number();
      sketch.count += sketch.counts[i] as number;
    }
    sketch.size = size;
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
    let passed = 0;
    let i = 0;
    let j = 0;
    for (;;) {
      const mine = i < first.size ? (first.bins[i] as number) : Infinity;
      const theirs = j < second.size ? (second.bins[j] as number) : Infinity;
      const bin = Math.min(mine, theirs);
      if (mine === bin) passed += first.counts[i++] as number;
      if (theirs === bin) passed += second.counts[j++] as number;
      if (passed >= rank) return valueOf(bin);
    }
  }

  private find(bin: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.bins[middle] as number) < bin) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insert(at: number, bin: number, count: number): void {
    this.reserve(this.size + 1);
    this.bins.copyWithin(at + 1, at, this.size);
    this.counts.copyWithin(at + 1, at, this.size);
    this.bins[at] = bin;
    this.counts[at] = count;
    this.size++;
  }

  private reserve(size: number): void {
    if (size <= this.bins.length) return;
    const capacity = Math.max(size, this.bins.length * 2);
    const bins = new Uint16Array(capacity);
    bins.set(this.bins);
    const counts = new Float64Array(capacity);
    counts.set(this.counts);
    this.bins = bins;
    this.counts = counts;
  }

  private combine(other: QuantileSketch, sign: 1 | -1): void {
    const bins = new Uint16Array(this.size + other.size);
    const counts = new Float64Array(this.size + other.size);
    let size = 0;
    let i = 0;
    let j = 0;
    while (i < this.size || j < other.size) {
      const mine = i < this.size ? (this.bins[i] as number) : Infinity;
      const theirs = j < other.size ? (other.bins[j] as number) : Infinity;
      const bin = Math.min(mine, theirs);
      let count = 0;
      if (mine === bin) count += this.counts[i++] as number;
      if (theirs === bin) count += sign * (other.counts[j++] as number);
      if (count === 0) continue;
      bins[size] = bin;
      counts[size++] = count;
    }
    this.bins = bins;
    this.counts = counts;
    this.size = size;
    this.count += sign * other.count;
    this.collapsed += sign * other.collapsed;
  }
}
