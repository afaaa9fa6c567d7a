import gammainc from '@stdlib/math-base-special-gammainc';
import { deviance, stirlingError } from './loader.js';

/** From about 200 on stdlib's upper tail is wrong in the third digit; from 50 on the finite series here leaves nothing out. */
const largeShape = 50;

/** The probability that a gamma variable of this shape and scale 1 is at most `x`. Relative error below 1e-10 down to 1e-300. */
export function gammaLowerTail(x: number, shape: number): number {
  if (!(shape > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  if (shape < largeShape) return gammainc(x, shape, true, false);
  return x <= shape ? lowerSeries(x, shape) : 1 - upperSeries(x, shape);
}

/** The same, that it is above `x`. */
export function gammaUpperTail(x: number, shape: number): number {
  if (!(shape > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  if (shape < largeShape) return gammainc(x, shape, true, true);
  return x <= shape ? 1 - lowerSeries(x, shape) : upperSeries(x, shape);
}

/** P(a, x) = xᵃe⁻ˣ / Γ(a + 1) · (1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …), for x ≤ a. */
function lowerSeries(x: number, shape: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return poissonTerm(x, shape) * sum;
}

/** Q(a, x) = xᵃe⁻ˣ / Γ(a + 1) · (a/x)·(1 + (a − 1)/x + (a − 1)(a − 2)/x² + …), for x > a; what the last term leaves out is below e⁻ᵃ. */
function upperSeries(x: number, shape: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < shape && term > sum * 1e-17; n++) {
    term *= (shape - n) / x;
    sum += term;
  }
  return poissonTerm(x, shape) * (shape / x) * sum;
}

/** xᵃe⁻ˣ / Γ(a + 1) without losing digits (C. Loader, "Fast and accurate computation of binomial probabilities", 2000). */
function poissonTerm(x: number, shape: number): number {
  return Math.exp(-stirlingError(shape) - deviance(shape, x)) / Math.sqrt(2 * Math.PI * shape);
}
