import jstat from 'jstat';

const { normal, erfc } = jstat.jStat;

/**
 * Φ⁻¹: the value below which a standard normal variable stays with this probability. Relative error below 1e-9
 * between 1e-10 and 1 − 1e-10, as the golden file shows.
 *
 * @param probability strictly between 0 and 1; 0 and 1 give ∓Infinity, anything else `NaN`.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return NaN;
  if (probability === 0) return -Infinity;
  if (probability === 1) return Infinity;
  if (probability === 0.5) return 0;
  return normal.inv(probability, 0, 1);
}

/** Φ: the probability that a standard normal variable is at most `x`. Absolute error below 1e-14. */
export function normalCdf(x: number): number {
  return normal.cdf(x, 0, 1);
}

/** The probability that a standard normal variable is at least as far from 0 as `z`: a two-sided p value. */
export function twoSidedProbability(z: number): number {
  return Math.min(1, erfc(Math.abs(z) / Math.SQRT2));
}
