import { gammaLowerTail, gammaUpperTail } from './gamma.js';

/** The probability that a chi-square variable is above `x`: a p value. Relative error below 1e-10 down to 1e-300. */
export function chiSquareUpperTail(x: number, freedom: number): number {
  return gammaUpperTail(x / 2, freedom / 2);
}

/** The same, that it is at most `x`. */
export function chiSquareLowerTail(x: number, freedom: number): number {
  return gammaLowerTail(x / 2, freedom / 2);
}
