import { describe, expect, it } from '@jest/globals';
import { bucketAt, endedBuckets, entersAtMs, leavesAtMs, nextEndMs, openBucket } from './bucket-time.js';

describe('bucket arithmetic', () => {
  it.each([
    [0, 1000, 0],
    [999, 1000, 0],
    [1000, 1000, 1],
    [-1, 1000, -1],
    [1_072_915_200_000, 60_000, 17_881_920],
  ])('a time of %d ms lies, with buckets of %d ms, in bucket %d', (timeMs, lengthMs, bucket) => {
    expect(bucketAt(timeMs, lengthMs)).toBe(bucket);
  });

  it.each([
    [0, -1, 0],
    [1, 0, 0],
    [999, 0, 0],
    [1000, 0, 1],
    [1001, 1, 1],
    [2000, 1, 2],
  ])('at a tick of %d ms bucket %d of one second is open, and %d have ended', (tickMs, open, ended) => {
    expect(openBucket(tickMs, 1000)).toBe(open);
    expect(endedBuckets(tickMs, 1000)).toBe(ended);
  });

  it.each([
    [0, 1000],
    [999, 1000],
    [1000, 2000],
  ])('after %d ms the next bucket ends at %d ms', (tickMs, end) => expect(nextEndMs(tickMs, 1000)).toBe(end));

  it.each([1, 3, 720])(
    'a bucket is in a window of %d buckets exactly between its first and its last tick',
    (buckets) => {
      const bucket = 17;
      const inWindow = (tickMs: number): boolean => {
        const open = openBucket(tickMs, 1000);
        return bucket <= open && bucket > open - buckets;
      };
      const [first, end] = [entersAtMs(bucket, 1000), leavesAtMs(bucket, buckets, 1000)];
      expect([first - 1, first, end - 1, end].map(inWindow)).toEqual([false, true, true, false]);
    },
  );
});
