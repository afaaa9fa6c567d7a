import erfc from '@stdlib/math-base-special-erfc';
import jstat from 'jstat';

const { normal } = jstat.jStat;
const halfLogTau = Math.log(2 * Math.PI) / 2;

/**
 * Φ⁻¹: the value below which a standard normal variable stays with this probability. Relative error below 1e-12 down to
 * 1e-300, as the golden file shows: jStat's value, and where it has too few digits a step of Newton on the logarithm.
 *
 * @param probability strictly between 0 and 1; 0 and 1 give ∓Infinity, anything else `NaN`.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return NaN;
  if (probability === 0) return -Infinity;
  if (probability === 1) return Infinity;
  if (probability === 0.5) return 0;
  // The upper half by the lower: 1 − p is exact there.
  if (probability > 0.5) return -normalQuantile(1 - probability);
  let z = probability > 1e-10 ? normal.inv(probability, 0, 1) : farStart(probability);
  for (let step = 0; step < (probability > 1e-10 ? 1 : 4); step++) {
    const tail = normalCdf(z);
    z -= Math.log(tail / probability) * (tail / normalDensity(z));
  }
  return z;
}

/** Φ: the probability that a standard normal variable is at most `x`. Relative error below 1e-12 down to 1e-300. */
export function normalCdf(x: number): number {
  return erfc(-x / Math.SQRT2) / 2;
}

export function normalDensity(x: number): number {
  return Math.exp(-(x * x) / 2 - halfLogTau);
}

/** The probability that a standard normal variable is at least as far from 0 as `z`: a two-sided p value. */
export function twoSidedProbability(z: number): number {
  return Math.min(1, erfc(Math.abs(z) / Math.SQRT2));
}

/** Where the lower tail is about as small (Abramowitz and Stegun, 26.2.12). */
function farStart(probability: number): number {
  const square = -2 * Math.log(probability);
  return -Math.sqrt(square - Math.log(2 * Math.PI) - Math.log(square));
}
