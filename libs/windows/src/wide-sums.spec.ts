import { describe, expect, it } from '@jest/globals';
import { unitsPerUsd } from '@moola/metrics/accumulators/cost';
import { bucketFormat, narrowFormat } from './bucket-store.js';
import { history, historyBucketAt, historyBuckets } from './history-bucket.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { SketchCells } from './sketch-cells.js';
import { countPrediction, traffic, trafficBuckets } from './testing/binary-buckets.js';
import { addWide, subtractWide, wordSize } from './wide-sums.js';

const exact = (words: Float64Array): bigint => BigInt(words[1]!) * 2n ** 53n + BigInt(words[0]!);

describe('a sum of two words', () => {
  it('is exact for the largest terms, in any order of adding and taking away', () => {
    const terms = [wordSize - 1, 1, 0, 1e15, wordSize - 1, 123, 1e15, 7, wordSize - 2];
    const words = new Float64Array(2);
    let expected = 0n;
    for (let round = 0; round < 1000; round++) {
      for (const term of terms) {
        addWide(words, 0, 1, term);
        expected += BigInt(term);
        expect(exact(words)).toBe(expected);
      }
    }
    for (let round = 0; round < 1000; round++) {
      for (const term of [...terms].reverse()) {
        subtractWide(words, 0, 1, term);
        expected -= BigInt(term);
        expect(exact(words)).toBe(expected);
      }
    }
    expect([...words]).toEqual([0, 0]);
  });
});

describe('a bucket of money', () => {
  it('holds and keeps what many dear predictions cost, and a window gives it back', () => {
    const buckets = trafficBuckets(new SketchCells());
    const [bucket, total] = [buckets.create(7), buckets.create(0)];
    for (let i = 0; i < 5000; i++) countPrediction(buckets, bucket, 0, 12, 1e6);
    expect(buckets.getWide(bucket, traffic.costUnits) / unitsPerUsd).toBe(5e9);
    for (let i = 0; i < 3; i++) buckets.add(total, bucket);
    expect(buckets.getWide(total, traffic.costUnits) / unitsPerUsd).toBe(15e9);

    const writer = new PackedWriter();
    buckets.write(bucket, writer);
    const reader = new PackedReader(writer.finish());
    reader.format = bucketFormat;
    const again = buckets.read(7, reader, buckets.shape);
    expect(reader.done).toBe(true);
    for (let i = 0; i < 3; i++) buckets.subtract(total, again);
    expect(buckets.getWide(total, traffic.costUnits)).toBe(0);
  });
});

describe('entries of format 2', () => {
  const reader = (numbers: readonly number[]): PackedReader => {
    const writer = new PackedWriter();
    for (const number of numbers) writer.number(number);
    const read = new PackedReader(writer.finish());
    read.format = narrowFormat;
    return read;
  };

  it('of traffic are read', () => {
    const buckets = trafficBuckets(new SketchCells());
    // Predictions, errors, priced, cost; then a sketch of one cell: size, collapsed, bin, count.
    const row = buckets.read(3, reader([9, 2, 5, 1_234_567_890_123, 1, 0, 400, 4]), buckets.shapeInOldFormats);
    expect([traffic.predictions, traffic.errors, traffic.priced].map((field) => buckets.get(row, field))).toEqual([
      9, 2, 5,
    ]);
    expect([buckets.getWide(row, traffic.costUnits), buckets.sketches[0]!.count(row)]).toEqual([1_234_567_890_123, 4]);
  });

  it('of history are read, whose sums stood in another order', () => {
    const buckets = historyBuckets();
    const row = buckets.read(11, reader([10, 1, 8, 7, 555, 666, 9, 3, 1]), buckets.shape);
    expect(historyBucketAt(buckets, row)).toEqual({
      ...{ index: 11, predictions: 10, errors: 1, labelled: 8, correct: 7 },
      ...{ costUnits: 555, latencyUnits: 666, latencyCount: 9, revision: 3 },
    });
    expect(buckets.get(row, history.unpublished)).toBe(1);
  });
});
