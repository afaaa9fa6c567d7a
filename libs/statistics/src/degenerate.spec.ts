import { describe, expect, it } from '@jest/globals';
import { estimatedHalfWidth, sequenceHalfWidth } from './confidence-sequence.js';
import { designEffect } from './design-effect.js';
import { mcNemarTest } from './mcnemar.js';
import { longRunVariance } from './newey-west.js';
import { normalQuantile } from './normal.js';
import { twoProportionTest } from './two-proportion.js';
import { oneSidedWilson, twoSidedWilson, wilsonInterval } from './wilson.js';

describe('where there is nothing to compute from', () => {
  it.each([
    ['an interval without samples', twoSidedWilson(0.5, 0, 0.95)],
    ['a bound without samples', oneSidedWilson(0, 0, 0.75)],
    ['an interval of no number of samples', wilsonInterval(0.5, NaN, 1.96)],
    [
      'two proportions, one without samples',
      twoProportionTest({ successes: 0, samples: 0 }, { successes: 1, samples: 2 }),
    ],
    ['two proportions, all right', twoProportionTest({ successes: 3, samples: 3 }, { successes: 2, samples: 2 })],
    ['two proportions, all wrong', twoProportionTest({ successes: 0, samples: 3 }, { successes: 0, samples: 2 })],
    ['a paired table without discordant pairs', mcNemarTest({ firstOnly: 0, secondOnly: 0 })],
  ])('%s is null', (_, answer) => expect(answer).toBeNull());

  it('a series without buckets has no variance', () => expect(longRunVariance([], 3)).toBe(0));

  it('a window without buckets has the declared effect', () =>
    expect(designEffect({ length: 0, buckets: [], lag: 0, declared: 20 })).toBe(20));

  it.each([
    [0, -Infinity],
    [1, Infinity],
    [0.5, 0],
    [-0.1, NaN],
    [1.1, NaN],
    [NaN, NaN],
  ])('the normal quantile of %d is %d', (probability, expected) => expect(normalQuantile(probability)).toBe(expected));
});

describe('a standard error that is an estimate itself', () => {
  const sequence = { alpha: 0.05, tunedFor: 100 };
  const ratio = (buckets: number, freedom: number) =>
    estimatedHalfWidth(1, buckets, freedom, sequence) / sequenceHalfWidth(1, buckets, sequence);

  it.each([
    [1, 0],
    [2, 1],
    [10, 9],
  ])('tells nothing of %d buckets', (buckets, freedom) => expect(ratio(buckets, freedom)).toBe(Infinity));

  it('widens the bound the less the more it rests on', () => {
    expect(ratio(20, 19)).toBeGreaterThan(1.2);
    expect(ratio(100, 99)).toBeGreaterThan(ratio(1000, 999));
    expect(ratio(100_000, 99_999)).toBeCloseTo(1, 3);
  });
});

describe('at the ends', () => {
  it('one right answer leaves most of the range open', () => {
    const interval = twoSidedWilson(1, 1, 0.95);
    expect(interval?.lower).toBeCloseTo(0.2065, 4);
    expect(interval?.upper).toBeCloseTo(1, 12);
  });

  it('an interval stays within 0 and 1 but for rounding', () => {
    for (const proportion of [0, 1]) {
      const interval = twoSidedWilson(proportion, 9, 0.95);
      expect(interval?.lower).toBeGreaterThanOrEqual(-1e-15);
      expect(interval?.upper).toBeLessThanOrEqual(1 + 1e-15);
    }
  });

  it('one-sided bounds at confidence 0.5 are the figure itself', () =>
    expect(oneSidedWilson(0.3, 9, 0.5)).toEqual({ lower: 0.3, upper: 0.3 }));
});
