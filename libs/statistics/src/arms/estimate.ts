import { varianceOf, type Moments, type PairMoments } from './moments.js';
import { normalQuantile } from '../normal.js';

/** What an arm says of a metric. */
export interface Estimate {
  readonly value: number;
  /** Of `value`, not of one unit. */
  readonly variance: number;
  /** Units that it rests on. */
  readonly samples: number;
  /** Degrees of freedom of its variance; `null`: it is not estimated by deviations, and the normal distribution applies. */
  readonly freedom: number | null;
}

/** p, with the binomial variance p(1 − p)/n. */
export function proportionEstimate(successes: number, samples: number): Estimate {
  const value = successes / samples;
  return { value, variance: (value * (1 - value)) / samples, samples, freedom: null };
}

/** The mean, with s²/n. */
export function meanEstimate(moments: Moments): Estimate {
  const { count, mean } = moments;
  return { value: mean, variance: varianceOf(moments) / count, samples: count, freedom: count - 1 };
}

/**
 * ΣX / ΣY over units, its variance by the delta method (A. Deng, U. Knoblich and J. Lu, "Applying the delta method in metric
 * analytics", KDD 2018). With Y the number of rows of a unit, it is a mean of rows whose variance is robust to clusters.
 */
export function ratioEstimate({ count, meanX, meanY, deviationsX, deviationsY, products }: PairMoments): Estimate {
  const value = meanX / meanY;
  const variance = (deviationsX - 2 * value * products + value * value * deviationsY) / (count - 1) / (meanY * meanY);
  return { value, variance: Math.max(0, variance) / count, samples: count, freedom: count - 1 };
}

/** Order statistics between which a quantile of n values lies, by the normal approximation of the rank (R. S. Woodruff, 1952). */
export function quantileRanks(count: number, level: number, confidence = 0.95) {
  const half = normalQuantile(0.5 + confidence / 2) * Math.sqrt(count * level * (1 - level));
  return { lower: count * level - half, upper: count * level + half, confidence };
}

/**
 * A quantile, its variance by the width of its interval of ranks.
 *
 * @param inflation by how much clusters inflate the variance of the share below the quantile: 1 for independent values
 */
export function quantileEstimate(
  quantile: { readonly value: number; readonly lower: number; readonly upper: number; readonly confidence: number },
  samples: number,
  inflation: number,
): Estimate {
  const deviation = (quantile.upper - quantile.lower) / (2 * normalQuantile(0.5 + quantile.confidence / 2));
  return { value: quantile.value, variance: deviation ** 2 * inflation, samples, freedom: null };
}

/**
 * By how much clusters inflate the variance of a share: by the delta method over units, against the binomial one.
 *
 * @param units of each unit: x how many of its values are below, y how many it has
 */
export function shareInflation(units: PairMoments, level: number): number {
  const values = units.count * units.meanY;
  return (ratioEstimate(units).variance * values) / (level * (1 - level));
}
