import { describe, expect, it } from '@jest/globals';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { binOf, QuantileSketch, relativeError, sketchRange, valueOf } from './quantile-sketch.js';

/** A seeded generator: the tests must draw the same numbers every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const percents = [1, 25, 50, 90, 95, 99, 100];

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

/** Nearest rank on the values themselves. */
function exact(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] as number;
}

function bytesOf(sketch: QuantileSketch): Uint8Array {
  const writer = new PackedWriter();
  sketch.write(writer);
  return writer.finish();
}

const empty = new QuantileSketch();

describe('a quantile sketch', () => {
  const distributions: [string, (random: () => number) => number][] = [
    ['uniform', (random) => 1 + 99 * random()],
    ['exponential', (random) => -20 * Math.log(1 - random())],
    ['lognormal', (random) => Math.exp(3 + 0.8 * (random() + random() + random() - 1.5))],
    ['bimodal', (random) => (random() < 0.9 ? 5 + random() : 5000 + 100 * random())],
    ['constant', () => 0.079],
    ['tiny', (random) => 0.001 + 0.01 * random()],
  ];

  it.each(distributions)('gives percentiles within its error: %s', (_, draw) => {
    const random = generator(7);
    for (const count of [1, 2, 20, 1000, 20_000]) {
      const values = Array.from({ length: count }, () => draw(random));
      const sketch = sketchOf(values);
      for (const percent of percents) {
        const truth = exact(values, percent);
        const error = Math.abs((QuantileSketch.percentile(percent, sketch, empty) ?? NaN) - truth);
        expect(error).toBeLessThanOrEqual(truth * relativeError + sketchRange.from);
      }
    }
  });

  it('is the same in any order, and merged or not', () => {
    const random = generator(3);
    const values = Array.from({ length: 2000 }, () => Math.exp(10 * random() - 4));
    const merged = sketchOf(values.slice(0, 700));
    merged.merge(sketchOf(values.slice(700)));
    expect(bytesOf(sketchOf([...values].reverse()))).toEqual(bytesOf(sketchOf(values)));
    expect(bytesOf(merged)).toEqual(bytesOf(sketchOf(values)));
    for (const percent of percents) {
      const [first, second] = [sketchOf(values.slice(0, 700)), sketchOf(values.slice(700))];
      expect(QuantileSketch.percentile(percent, first, second)).toBe(QuantileSketch.percentile(percent, merged, empty));
    }
  });

  it('gives back what was merged when that is subtracted', () => {
    const random = generator(5);
    const [kept, gone] = [500, 900].map((count) => sketchOf(Array.from({ length: count }, () => 50 * random())));
    const before = bytesOf(kept!);
    kept!.merge(gone!);
    kept!.subtract(gone!);
    expect(bytesOf(kept!)).toEqual(before);
    expect(kept!.count).toBe(500);
  });

  it('is unchanged by bytes and back', () => {
    const random = generator(11);
    const sketch = sketchOf([0, 1e-9, 1e12, ...Array.from({ length: 3000 }, () => 1000 * random() ** 3)]);
    const read = QuantileSketch.read(new PackedReader(bytesOf(sketch)));
    expect([...read.entries()]).toEqual([...sketch.entries()]);
    expect([read.count, read.collapsed]).toEqual([sketch.count, sketch.collapsed]);
  });

  it('counts what lies outside its range, and keeps it at the ends', () => {
    const sketch = sketchOf([0, sketchRange.from / 2, sketchRange.from, sketchRange.to, 1e300, Infinity]);
    expect([sketch.count, sketch.collapsed]).toEqual([6, 4]);
    expect(QuantileSketch.percentile(1, sketch, empty)).toBe(0);
    expect(QuantileSketch.percentile(100, sketch, empty)).toBeLessThan(sketchRange.to);
  });

  it('has bins without gaps: each value lies in the bin whose middle is nearest', () => {
    for (let bin = 1; bin < 2048; bin++) {
      expect(binOf(valueOf(bin))).toBe(bin);
      expect(valueOf(bin + 1)).toBeGreaterThan(valueOf(bin));
    }
  });

  it('takes at most 41 kB whatever comes', () => {
    const sketch = new QuantileSketch();
    for (let bin = 0; bin <= 2048; bin++) sketch.add(valueOf(bin));
    expect(sketch.bytes).toBeLessThanOrEqual(41_000);
  });

  it('has no percentile without values', () => {
    expect(QuantileSketch.percentile(50, empty, empty)).toBeUndefined();
  });
});

describe('packed numbers', () => {
  it('come back as they went in', () => {
    const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER];
    const writer = new PackedWriter();
    for (let i = 0; i < 100; i++) for (const number of numbers) writer.number(number);
    const reader = new PackedReader(writer.finish());
    for (let i = 0; i < 100; i++) for (const number of numbers) expect(reader.number()).toBe(number);
    expect(reader.done).toBe(true);
  });

  it.each([-1, NaN, Infinity, 2 ** 53])('do not take %d', (value) => {
    expect(() => new PackedWriter().number(value)).toThrow(RangeError);
  });

  it('that end within a number are an error', () => {
    expect(() => new PackedReader(new Uint8Array([0x80])).number()).toThrow('within a number');
  });
});
