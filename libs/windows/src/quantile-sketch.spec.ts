import { describe, expect, it } from '@jest/globals';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { capacityFor } from './blocks.js';
import { binCount, binOf, relativeError, sketchRange, valueOf } from './quantile-bins.js';
import { QuantileSketches } from './quantile-sketch.js';
import { SketchCells } from './sketch-cells.js';
import { noRow, RowArena } from './row-arena.js';

/** A seeded generator: the tests must draw the same numbers every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const percents = [1, 25, 50, 90, 95, 99, 100];

const rows = new RowArena(QuantileSketches.width);
const cells = new SketchCells();
const sketches = new QuantileSketches(rows, 0, cells);

function sketchOf(values: readonly number[]): number {
  const sketch = rows.take();
  for (const value of values) sketches.add(sketch, value);
  return sketch;
}

/** Nearest rank on the values themselves. */
function exact(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] as number;
}

function bytesOf(sketch: number): Uint8Array {
  const writer = new PackedWriter();
  sketches.write(sketch, writer);
  return writer.finish();
}

const empty = noRow;

function count(counts: Map<number, number>, bin: number, amount: number): void {
  const total = (counts.get(bin) ?? 0) + amount;
  if (total === 0) counts.delete(bin);
  else counts.set(bin, total);
}

/** Bins with their counts, from the bytes of a sketch. */
function readCounts(bytes: Uint8Array): [number, number][] {
  const reader = new PackedReader(bytes);
  const size = reader.number();
  reader.number();
  let bin = 0;
  return Array.from({ length: size }, () => [(bin += reader.number()), reader.number()]);
}

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
        const error = Math.abs((sketches.percentile(percent, sketch, empty) ?? NaN) - truth);
        expect(error).toBeLessThanOrEqual(truth * relativeError + sketchRange.from);
      }
    }
  });

  it('is the same in any order, and merged or not', () => {
    const random = generator(3);
    const values = Array.from({ length: 2000 }, () => Math.exp(10 * random() - 4));
    const merged = sketchOf(values.slice(0, 700));
    sketches.merge(merged, sketchOf(values.slice(700)));
    expect(bytesOf(sketchOf([...values].reverse()))).toEqual(bytesOf(sketchOf(values)));
    expect(bytesOf(merged)).toEqual(bytesOf(sketchOf(values)));
    for (const percent of percents) {
      const [first, second] = [sketchOf(values.slice(0, 700)), sketchOf(values.slice(700))];
      expect(sketches.percentile(percent, first, second)).toBe(sketches.percentile(percent, merged, empty));
    }
  });

  it('gives back what was merged when that is subtracted', () => {
    const random = generator(5);
    const [kept, gone] = [500, 900].map((count) => sketchOf(Array.from({ length: count }, () => 50 * random())));
    const before = bytesOf(kept!);
    sketches.merge(kept!, gone!);
    sketches.subtract(kept!, gone!);
    expect(bytesOf(kept!)).toEqual(before);
    expect(sketches.count(kept!)).toBe(500);
  });

  it('is unchanged by bytes and back', () => {
    const random = generator(11);
    const sketch = sketchOf([0, 1e-9, 1e12, ...Array.from({ length: 3000 }, () => 1000 * random() ** 3)]);
    const read = rows.take();
    sketches.read(read, new PackedReader(bytesOf(sketch)));
    expect(bytesOf(read)).toEqual(bytesOf(sketch));
    for (const each of [read, sketch]) expect([sketches.count(each), sketches.collapsed(each)]).toEqual([3003, 30]);
  });

  it('counts what lies outside its range, and keeps it at the ends', () => {
    const sketch = sketchOf([0, sketchRange.from / 2, sketchRange.from, sketchRange.to, 1e300, Infinity]);
    expect([sketches.count(sketch), sketches.collapsed(sketch)]).toEqual([6, 4]);
    expect(sketches.percentile(1, sketch, empty)).toBe(0);
    expect(sketches.percentile(100, sketch, empty)).toBeLessThan(sketchRange.to);
  });

  it('has bins without gaps: each value lies in the bin whose middle is nearest', () => {
    for (let bin = 1; bin < 2048; bin++) {
      expect(binOf(valueOf(bin))).toBe(bin);
      expect(valueOf(bin + 1)).toBeGreaterThan(valueOf(bin));
    }
  });

  it('takes at most 41 kB whatever comes', () => {
    const own = new SketchCells();
    const alone = new QuantileSketches(rows, 0, own);
    const sketch = rows.take();
    for (let bin = 0; bin <= 2048; bin++) alone.add(sketch, valueOf(bin));
    alone.clear(sketch);
    expect(alone.count(sketch)).toBe(0);
    expect(own.live).toBe(0);
    expect(10 * capacityFor(binCount)).toBeLessThanOrEqual(41_000);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'holds what a plain count holds, whatever happens to it and those beside it, and leaves nothing behind (seed %d)',
    (seed) => {
      const random = generator(100 + seed);
      const [ownRows, own] = [new RowArena(QuantileSketches.width + 2), new SketchCells()];
      const many = new QuantileSketches(ownRows, 1, own);
      const model = new Map<number, Map<number, number>>();
      const pick = (): number => [...model.keys()][Math.floor(random() * model.size)] ?? noRow;
      for (let step = 0; step < 1500; step++) {
        const what = random();
        if (model.size === 0 || what < 0.1) model.set(ownRows.take(), new Map());
        else if (what < 0.7) {
          const sketch = pick();
          const bin = 500 + Math.floor(40 * random() ** 2);
          many.add(sketch, valueOf(bin));
          count(model.get(sketch)!, bin, 1);
        } else if (what < 0.95) {
          const [sketch, other] = [pick(), pick()];
          if (sketch === other) continue;
          many.merge(sketch, other);
          for (const [bin, amount] of model.get(other)!) count(model.get(sketch)!, bin, amount);
          if (random() < 0.4) continue;
          many.subtract(sketch, other);
          for (const [bin, amount] of model.get(other)!) count(model.get(sketch)!, bin, -amount);
        } else {
          const sketch = pick();
          many.clear(sketch);
          ownRows.give(sketch);
          model.delete(sketch);
        }
      }
      for (const [sketch, counts] of model) {
        const writer = new PackedWriter();
        many.write(sketch, writer);
        expect(readCounts(writer.finish())).toEqual([...counts].sort(([a], [b]) => a - b));
        many.clear(sketch);
        ownRows.give(sketch);
        expect(() => ownRows.give(sketch)).toThrow('not in use');
      }
      expect([ownRows.live, own.live]).toEqual([0, 0]);
    },
  );

  it('has no percentile without values', () => {
    expect(sketches.percentile(50, empty, empty)).toBeUndefined();
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
