import { logGamma } from '../loader.js';
import { normalCdf } from '../normal.js';
import { integral } from '../quadrature.js';

/**
 * The probability that a noncentral t variable is at most `t`: the normal distribution of its numerator, averaged over its
 * denominator √(χ²/ν). Absolute error below 1e-12.
 */
export function noncentralTCdf(t: number, freedom: number, noncentrality: number): number {
  const constant = Math.LN2 + (freedom / 2) * Math.log(freedom / 2) - logGamma(freedom / 2);
  const density = (u: number): number =>
    u <= 0 ? 0 : Math.exp(constant + (freedom - 1) * Math.log(u) - (freedom * u * u) / 2);
  // u is about 1 ± 1/√(2ν).
  const width = 10 / Math.sqrt(2 * freedom);
  const low = Math.max(0, 1 - width);
  return integral((u) => density(u) * normalCdf(t * u - noncentrality), low, 1 + width + 1 / freedom, 60);
}
