import { describe, expect, it } from '@jest/globals';
import type { CountedLabel } from '@moola/metrics/accumulator';
import { accumulatorsOf, labelAccumulators, trafficAccumulators } from '@moola/metrics/accumulators';
import { confusion } from '@moola/metrics/accumulators/binary-confusion';
import { classesOf, classPairs } from '@moola/metrics/accumulators/class-confusion';
import { cost } from '@moola/metrics/accumulators/cost';
import { labels } from '@moola/metrics/accumulators/labels';
import { latencies } from '@moola/metrics/accumulators/latency';
import { residualCounts } from '@moola/metrics/accumulators/residual-counts';
import { residuals } from '@moola/metrics/accumulators/residuals';
import { residualBin } from '@moola/metrics/residual-bins';
import { right } from '@moola/metrics/accumulators/right-answers';
import { volume } from '@moola/metrics/accumulators/volume';
import type { TaskType } from '@moola/metrics/task-type';
import { AccumulatedBuckets } from './accumulated-buckets.js';
import { bucketFormat } from './bucket-store.js';
import { exactUnit } from './exact-sums.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { noRow } from './row-arena.js';
import { SketchCells } from './sketch-cells.js';

const labelled = (task: TaskType): AccumulatedBuckets<CountedLabel> =>
  new AccumulatedBuckets(labelAccumulators, accumulatorsOf(labelAccumulators, task), new SketchCells());

const label = (fields: Partial<CountedLabel>): CountedLabel => ({
  ...{ class: '', truth: '', value: NaN, truthValue: NaN, score: NaN, probabilities: {} },
  ...{ predictedAtMs: 0, knownAtMs: 0 },
  ...fields,
});
const binary = { task: 'binary' as const, positiveClass: '1', classIndex: (name: string) => Number(name) };

function readerOf(write: (writer: PackedWriter) => void): PackedReader {
  const writer = new PackedWriter();
  write(writer);
  const reader = new PackedReader(writer.finish());
  reader.format = bucketFormat;
  return reader;
}

describe('buckets of accumulated sums', () => {
  it('hold what the task asks for, and say so of other sums', () => {
    const regression = labelled('regression');
    expect(() => regression.placeOf(right)).toThrow('these buckets do not hold right');
    expect(() => labelled('binary').placeOf(residuals.sum)).toThrow('these buckets do not hold residual');
  });

  it('of a regression add, take away and come back from bytes exactly', () => {
    const buckets = labelled('regression');
    const [one, total] = [buckets.create(3), buckets.create(0)];
    const rows = Float64Array.of(one, total);
    for (const [value, truthValue] of [
      [1.1, 1],
      [-2, 0.1],
      [3e30, -3e30],
      [0.3, 0],
    ] as const) {
      buckets.count(rows, 2, label({ value, truthValue }), binary);
    }
    const sum = (row: number): number => Number(buckets.exactUnits(row, buckets.placeOf(residuals.sum))) * exactUnit;
    expect(sum(one)).toBe(6e30);
    expect(buckets.get(one, buckets.placeOf(labels))).toBe(4);
    // A truth of 0 has no relative error.
    expect(buckets.get(one, buckets.placeOf(residuals.relativeCount))).toBe(3);
    const reader = readerOf((writer) => buckets.write(one, writer));
    const again = buckets.read(3, reader, buckets.shape);
    expect(reader.done).toBe(true);
    const { width, values } = buckets.rows;
    // Where its counts by size stand is its own.
    const held = (row: number): number[] => [...values.subarray(row, row + width - 1)];
    expect(held(again)).toEqual(held(one));
    const sizes = (row: number): number[][] => {
      const cells: number[][] = [];
      const sketch = buckets.sketches[buckets.placeOf(residualCounts)]!;
      sketch.forEach(row, noRow, (cell, count) => cells.push([cell, count]));
      return cells;
    };
    expect(sizes(again)).toEqual([1.1 - 1, 0.3, -2.1, 6e30].map((each) => [residualBin(each), 1]));
    buckets.subtract(total, again);
    expect(held(total)).toEqual(new Array(width - 1).fill(0));
    expect(sizes(total)).toEqual([]);
  });

  it('of several classes count each pair of answer and truth', () => {
    const buckets = labelled('multiclass');
    const [one, total] = [buckets.create(3), buckets.create(0)];
    for (const [answer, truth] of [
      ['1', '2'],
      ['2', '2'],
      ['1', '2'],
      ['199', '0'],
    ] as const) {
      buckets.count(Float64Array.of(one, total), 2, label({ class: answer, truth }), binary);
    }
    const cells = new Map<number, number>();
    const pairs = buckets.sketches[buckets.placeOf(classPairs)]!;
    pairs.forEach(one, total, (cell, count) => cells.set(cell, (cells.get(cell) ?? 0) + count));
    expect([...cells].map(([cell, count]) => [...classesOf(cell), count])).toEqual([
      [1, 2, 4],
      [2, 2, 2],
      [199, 0, 2],
    ]);
    buckets.subtract(total, one);
    expect(pairs.count(total)).toBe(0);
  });

  it('read entries that hold other sums: those that they share are kept', () => {
    const [from, to] = [labelled('binary'), labelled('regression')];
    const row = from.create(9);
    from.count(Float64Array.of(row), 1, label({ class: '1', truth: '0' }), binary);
    const reader = readerOf((writer) => from.write(row, writer));
    const read = to.read(9, reader, from.shape);
    expect([reader.done, to.indexOf(read), to.get(read, to.placeOf(labels))]).toEqual([true, 9, 1]);
    expect(to.exactUnits(read, to.placeOf(residuals.sum))).toBe(0n);
  });

  it('of traffic read entries without all of their sums', () => {
    const cells = new SketchCells();
    const all = new AccumulatedBuckets(trafficAccumulators, accumulatorsOf(trafficAccumulators, 'binary'), cells);
    const some = new AccumulatedBuckets(trafficAccumulators, trafficAccumulators.slice(1), cells);
    const row = some.create(1);
    some.count(Float64Array.of(row), 1, { error: '', latencyMs: 7, costUsd: 9e6 }, binary);
    const read = all.read(
      1,
      readerOf((writer) => some.write(row, writer)),
      some.shape,
    );
    const latency = all.sketches[all.placeOf(latencies)]!;
    expect([all.get(read, all.placeOf(volume.predictions)), latency.count(read)]).toEqual([0, 1]);
    expect(all.getWide(read, all.placeOf(cost.costUnits))).toBe(9e15);
    expect(latency.percentile(50, read, 0)).toBe(some.sketches[0]!.percentile(50, row, 0));
    for (const [buckets, each] of [
      [all, read],
      [some, row],
    ] as const)
      buckets.free(each);
    expect(cells.live).toBe(0);
  });

  it('refuse entries with sums that nobody knows', () => {
    const buckets = labelled('binary');
    const unknown = buckets.shape + 2 ** 40;
    expect(() =>
      buckets.read(
        1,
        readerOf((writer) => writer.number(0)),
        unknown,
      ),
    ).toThrow('holds sums that this version does not know');
  });

  it('of entries that do not say what they hold are the first ones of a binary model', () => {
    for (const task of ['binary', 'regression'] as const) expect(labelled(task).shapeInOldFormats).toBe(1 + 2 + 4);
    expect(labelled('binary').placeOf(confusion.falseNegatives)).toBe(5);
  });
});
