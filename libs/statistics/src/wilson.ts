import { normalQuantile } from './normal.js';

/** Both ends of an interval, `lower ≤ upper`. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Score interval of a proportion (E. B. Wilson, Journal of the American Statistical Association 22, 1927). It holds
 * its coverage for small samples and at 0 and 1, where the usual `p ± z·√(p(1−p)/n)` collapses.
 *
 * @param proportion in [0, 1].
 * @param effectiveSamples what the samples are worth: their count ÷ the design effect; need not be whole.
 * @param z standard normal quantile, not negative.
 * @returns `null` without samples: nothing is known of the proportion then.
 */
export function wilsonInterval(proportion: number, effectiveSamples: number, z: number): Interval | null {
  if (!(effectiveSamples > 0)) return null;
  const shrink = 1 + (z * z) / effectiveSamples;
  const middle = (proportion + (z * z) / (2 * effectiveSamples)) / shrink;
  const spread = (proportion * (1 - proportion)) / effectiveSamples + (z * z) / (4 * effectiveSamples ** 2);
  const half = (z / shrink) * Math.sqrt(spread);
  return { lower: middle - half, upper: middle + half };
}

/**
 * The interval that holds the proportion with this confidence.
 *
 * @param confidence in (0, 1), such as 0.95.
 */
export function twoSidedWilson(proportion: number, effectiveSamples: number, confidence: number): Interval | null {
  return wilsonInterval(proportion, effectiveSamples, normalQuantile((1 + confidence) / 2));
}

/**
 * Both one-sided bounds: the proportion is above `lower` with this confidence, and below `upper` with this confidence.
 *
 * @param confidence in [0.5, 1), such as 0.75. At 0.5 both bounds are the proportion itself.
 */
export function oneSidedWilson(proportion: number, effectiveSamples: number, confidence: number): Interval | null {
  return wilsonInterval(proportion, effectiveSamples, normalQuantile(confidence));
}
