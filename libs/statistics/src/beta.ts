import betainc from '@stdlib/math-base-special-betainc';
import inverse from '@stdlib/math-base-special-kernel-betaincinv';
import { logGamma } from './loader.js';

/** ln B(a, b). */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** The probability that a beta variable is at most `x`. Relative error below 1e-10 down to 1e-300. */
export function betaLowerTail(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return betainc(x, a, b, true, false);
}

/** The same, that it is above `x`. */
export function betaUpperTail(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  return betainc(x, a, b, true, true);
}

/** The value below which a beta variable stays with this probability, and what it is short of 1, each with its own digits. */
export function betaQuantile(probability: number, a: number, b: number): { readonly x: number; readonly rest: number } {
  if (!(probability >= 0 && probability <= 1 && a > 0 && b > 0)) return { x: NaN, rest: NaN };
  if (probability === 0) return { x: 0, rest: 1 };
  if (probability === 1) return { x: 1, rest: 0 };
  const [x = NaN, rest = NaN] = inverse(a, b, probability, 1 - probability);
  return { x, rest };
}
