import { describe, expect, it } from '@jest/globals';
import { bucketsOf, mostBuckets, planTiers, tierLengths, tierOf } from './tiers.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('tiers', () => {
  it.each([
    [5 * second, [5 * second, minute, 10 * minute, hour, day]],
    [minute, [minute, 10 * minute, hour, day]],
    [2 * minute, [2 * minute, 10 * minute, hour, day]],
    [7 * second, [7 * second, 84 * second, 840 * second, 5040 * second, 120_960 * second]],
    [day, [day]],
    [2 * day, [2 * day]],
  ])('over buckets of %d ms have the lengths %j', (bucketMs, lengths) =>
    expect(tierLengths(bucketMs)).toEqual(lengths),
  );

  it.each([
    [5 * second, minute, 5 * second],
    [5 * second, hour, 5 * second],
    [5 * second, hour + 5 * second, minute],
    [5 * second, day, 10 * minute],
    [minute, 12 * hour, minute],
    [minute, day, 10 * minute],
    [minute, 30 * second, minute],
    [5 * second, 10_000 * day, day],
  ])('with buckets of %d ms a window of %d ms is served from buckets of %d ms', (bucketMs, windowMs, tier) => {
    expect(tierOf(windowMs, bucketMs)).toBe(tier);
  });

  it('are planned for the windows that there are, each once', () => {
    expect(planTiers(5 * second, [day, minute, hour, minute])).toEqual([
      {
        lengthMs: 5 * second,
        buckets: 720,
        windows: [
          { windowMs: minute, buckets: 12 },
          { windowMs: hour, buckets: 720 },
        ],
      },
      { lengthMs: 10 * minute, buckets: 144, windows: [{ windowMs: day, buckets: 144 }] },
    ]);
  });

  it('keep at most so many buckets each, for windows up to 720 days', () => {
    for (let windowMs = 5 * second; windowMs <= 720 * day; windowMs *= 1.7) {
      for (const tier of planTiers(5 * second, [Math.round(windowMs)]))
        expect(tier.buckets).toBeLessThanOrEqual(mostBuckets);
    }
  });

  it('round a window up to whole buckets', () => {
    expect([1, 999, 1000, 1001].map((windowMs) => bucketsOf(windowMs, 1000))).toEqual([1, 1, 1, 2]);
  });
});
