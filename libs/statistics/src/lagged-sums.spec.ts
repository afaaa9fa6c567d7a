import { describe, expect, it } from '@jest/globals';
import {
  appendBucket,
  appendEmptyBuckets,
  emptyLaggedSums,
  laggedVarianceAround,
  type LaggedSums,
} from './lagged-sums.js';
import { longRunVariance, type BucketSum } from './newey-west.js';

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomBuckets(seed: number): BucketSum[] {
  const random = generator(seed);
  return Array.from({ length: 1 + Math.floor(random() * 80) }, () => {
    const count = Math.floor(random() * 7);
    return { sum: Math.floor(random() * (2 * count + 1)) - count, count };
  });
}

describe('lagged sums', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('say the same as the buckets themselves (seed %i)', (seed) => {
    const buckets = randomBuckets(seed);
    const lag = seed % 24;
    let sums = emptyLaggedSums(lag);
    for (const bucket of buckets) {
      appendBucket(sums, bucket);
      sums = JSON.parse(JSON.stringify(sums)) as LaggedSums;
    }
    const mean = sums.count === 0 ? 0 : sums.sum / sums.count;
    const deviations = buckets.map(({ sum, count }) => sum - mean * count);
    expect(laggedVarianceAround(sums, mean)).toBeCloseTo(longRunVariance(deviations, lag), 9);
  });

  it.each([0, 1, 3, 50])('take %i empty buckets at once as one by one', (gap) => {
    const [atOnce, oneByOne] = [emptyLaggedSums(3), emptyLaggedSums(3)];
    for (const sums of [atOnce, oneByOne]) appendBucket(sums, { sum: 2, count: 3 });
    appendEmptyBuckets(atOnce, gap);
    for (let i = 0; i < gap; i++) appendBucket(oneByOne, { sum: 0, count: 0 });
    for (const sums of [atOnce, oneByOne]) appendBucket(sums, { sum: -1, count: 3 });
    expect(atOnce).toEqual(oneByOne);
  });

  it.each([1, -1, 0])('give exactly no variance when every difference is %i', (difference) => {
    const sums = emptyLaggedSums(5);
    for (const count of [3, 1, 0, 7, 5]) appendBucket(sums, { sum: difference * count, count });
    expect(laggedVarianceAround(sums, difference)).toBe(0);
  });

  it('keep a size that does not grow with the series', () => {
    const sums = emptyLaggedSums(4);
    for (let t = 0; t < 1000; t++) appendBucket(sums, { sum: t % 3, count: 3 });
    expect([sums.sumSum.length, sums.lastSums.length, sums.lastCounts.length, sums.buckets]).toEqual([5, 4, 4, 1000]);
  });
});
