import { sequenceHalfWidth } from '@moola/statistics/confidence-sequence';
import { laggedVarianceAround } from '@moola/statistics/lagged-sums';
import { twoProportionTest } from '@moola/statistics/two-proportion';
import type { Interval } from '@moola/statistics/wilson';
import type { ComparisonSettings } from './comparison-settings.js';
import type { PairHistory } from './pair-history.js';

/** `first` − `second`, correct answers an input. */
export interface Difference {
  readonly difference: number;
  readonly standardError: number;
  /** By how much dependence inflates the variance of the difference. */
  readonly designEffect: number;
  /** Holds the true difference at every look at once; `null` with too few pairs. */
  readonly bounds: Interval | null;
  /** Two-proportion z test as if the versions had answered different inputs, at one look; `null` where all are alike. */
  readonly unpairedPValue: number | null;
}

/**
 * The paired comparison of `docs/semantics.md`.
 *
 * @param history with at least one pair in a closed bucket.
 * @param closed index of the first bucket that is not closed.
 */
export function comparePair(history: PairHistory, closed: number, settings: ComparisonSettings): Difference {
  const { pairs, firstOnly, secondOnly, firstCorrect, secondCorrect } = history.totals;
  const buckets = closed - history.firstBucket;
  const difference = (firstOnly - secondOnly) / pairs;
  const discordant = (firstOnly + secondOnly) / pairs;
  // At least 1: pairs that all went one way are no certainty.
  const independent = Math.max(1, pairs * (discordant - difference * difference));
  const least = buckets < 4 * (settings.lag + 1) ? independent * settings.designEffect : independent;
  const variance = Math.max(laggedVarianceAround(history.sums, difference), least);
  const standardError = Math.sqrt(variance) / pairs;
  const test = twoProportionTest(
    { successes: firstCorrect, samples: pairs },
    { successes: secondCorrect, samples: pairs },
  );
  return {
    difference,
    standardError,
    designEffect: variance / independent,
    bounds: pairs < settings.minimumPairs ? null : boundsOf(difference, standardError, buckets, settings),
    unpairedPValue: test?.pValue ?? null,
  };
}

function boundsOf(difference: number, standardError: number, buckets: number, settings: ComparisonSettings): Interval {
  const { alpha, tunedForBuckets } = settings;
  const half = sequenceHalfWidth(standardError, buckets, { alpha, tunedFor: tunedForBuckets });
  return { lower: difference - half, upper: difference + half };
}
