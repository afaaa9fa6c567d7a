import { estimatedHalfWidth, sequenceHalfWidth } from '@moola/statistics/confidence-sequence';
import {
  degreesOfFreedom,
  productsVariance,
  valuesInReach,
  type LaggedProducts,
} from '@moola/statistics/lagged-products';
import { twoProportionTest } from '@moola/statistics/two-proportion';
import type { Interval } from '@moola/statistics/wilson';
import type { ComparisonSettings } from './comparison-settings.js';
import { pairsOf, type PairCounts } from './pair-counts.js';

/** Dependence is looked for over at most so many buckets: twice the longest that can be declared. */
export const LAGS = 120;

/**
 * While the dependence cannot be estimated and none is declared, pairs within its reach are taken to correlate like this:
 * about the most that is seen in cluster-randomised trials (M. K. Campbell et al., Clinical Trials 2, 2005).
 */
const ASSUMED_CORRELATION = 0.1;

/** `first` − `second`, correct answers an input. */
export interface Difference {
  readonly difference: number;
  readonly standardError: number;
  /** By how much dependence inflates the variance of the difference. */
  readonly designEffect: number;
  /** Holds the true difference at every look at once, within −1 and 1; `null` with too few pairs. */
  readonly bounds: Interval | null;
  /** The bound holds 0, and would not if the pairs were independent. */
  readonly heldBackByDependence: boolean;
  /** Two-proportion z test as if the versions had answered different inputs, at one look; `null` where all are alike. */
  readonly unpairedPValue: number | null;
}

/**
 * The paired comparison of `docs/semantics.md`.
 *
 * @param counts at least one pair.
 * @param products of right(first) − right(second) a bucket, for the same pairs.
 */
export function comparePair(counts: PairCounts, products: LaggedProducts, settings: ComparisonSettings): Difference {
  const pairs = pairsOf(counts);
  const difference = (counts.firstOnly - counts.secondOnly) / pairs;
  const discordant = (counts.firstOnly + counts.secondOnly) / pairs;
  // At least 1: pairs that all went one way are no certainty.
  const independent = Math.max(1, pairs * (discordant - difference * difference));
  const variance = dependentVariance(difference, independent, products, settings);
  const standardError = Math.sqrt(variance) / pairs;
  const test = twoProportionTest(
    { successes: counts.firstOnly + counts.bothRight, samples: pairs },
    { successes: counts.secondOnly + counts.bothRight, samples: pairs },
  );
  const boundsAt = (error: number) => boundsOf(difference, error, products.buckets, settings);
  const bounds = pairs < settings.minimumPairs ? null : boundsAt(standardError);
  return {
    difference,
    standardError,
    designEffect: variance / independent,
    bounds,
    heldBackByDependence: bounds !== null && !decides(bounds) && decides(boundsAt(Math.sqrt(independent) / pairs)),
    unpairedPValue: test?.pValue ?? null,
  };
}

/**
 * Variance of the sum of differences, dependence allowed for: the long-run variance of the buckets, and what its own
 * uncertainty may hide, as far as that is not more than what is declared or assumed.
 */
function dependentVariance(
  difference: number,
  independent: number,
  products: LaggedProducts,
  settings: ComparisonSettings,
): number {
  const lag = lagOf(products, settings);
  const estimated = productsVariance(products, difference, lag);
  const freedom = degreesOfFreedom(products, lag);
  const sequence = { alpha: settings.alpha, tunedFor: settings.tunedForBuckets };
  const ratio =
    estimatedHalfWidth(1, products.buckets, freedom, sequence) / sequenceHalfWidth(1, products.buckets, sequence);
  const uncertain = ratio === Infinity ? Infinity : estimated * ratio ** 2;
  const allowed = independent * allowedEffect(valuesInReach(products, lag), settings);
  return Math.max(estimated, independent, Math.min(uncertain, allowed));
}

/**
 * Over how many buckets dependence is looked for: twice what is declared, since the kernel counts distant buckets less, and
 * at least as far as is recommended where nothing is known (E. Lazarus, D. J. Lewis, J. H. Stock and M. W. Watson, Journal
 * of Business & Economic Statistics 36, 2018).
 */
function lagOf({ count, countCount }: LaggedProducts, { lag }: ComparisonSettings): number {
  const bucketsWorth = count ** 2 / (countCount[0] as number);
  return Math.min(LAGS, Math.max(2 * lag, Math.floor(1.3 * Math.sqrt(bucketsWorth))));
}

function allowedEffect(inReach: number, { designEffect }: ComparisonSettings): number {
  return designEffect > 1 ? designEffect : 1 + ASSUMED_CORRELATION * Math.max(0, inReach - 1);
}

function boundsOf(difference: number, standardError: number, buckets: number, settings: ComparisonSettings): Interval {
  const { alpha, tunedForBuckets } = settings;
  const half = sequenceHalfWidth(standardError, buckets, { alpha, tunedFor: tunedForBuckets });
  return { lower: Math.max(-1, difference - half), upper: Math.min(1, difference + half) };
}

function decides({ lower, upper }: Interval): boolean {
  return lower > 0 || upper < 0;
}
