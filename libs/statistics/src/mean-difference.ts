import { normalCdf } from './normal.js';

/** Sums over samples; of a proportion the squares are the sum. */
export interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export interface MeanDifference {
  /** Mean of the first − mean of the second. */
  readonly difference: number;
  /** In pooled standard errors. */
  readonly z: number;
  /** The probability of a `z` so low, or lower, where there is no difference. */
  readonly lowerTail: number;
}

/**
 * z test of two means with pooled variance: of proportions the two-proportion test.
 *
 * @param designEffect how many samples carry as much information as one independent one; at least 1
 * @returns `null` where it says nothing: a side without samples, or all samples of both sides alike.
 */
export function meanDifference(first: Moments, second: Moments, designEffect: number): MeanDifference | null {
  if (first.count === 0 || second.count === 0) return null;
  const count = first.count + second.count;
  const mean = (first.sum + second.sum) / count;
  const variance = (first.squares + second.squares) / count - mean * mean;
  if (!(variance > 0)) return null;
  const difference = first.sum / first.count - second.sum / second.count;
  const z = difference / Math.sqrt(variance * (1 / first.count + 1 / second.count) * designEffect);
  return { difference, z, lowerTail: normalCdf(z) };
}
