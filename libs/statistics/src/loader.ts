const halfLogTau = Math.log(2 * Math.PI) / 2;

/** ln Γ(x) for x above 0: Stirling's series from 15 on, and down to that by Γ(x + 1) = x·Γ(x). */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  let product = 1;
  let shifted = x;
  for (; shifted < 15; shifted++) product *= shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTau + stirlingSeries(shifted) - Math.log(product);
}

/** ln Γ(a) − (a − ½)·ln a + a − ½·ln 2π. */
export function stirlingError(a: number): number {
  return a >= 15 ? stirlingSeries(a) : logGamma(a) - (a - 0.5) * Math.log(a) + a - halfLogTau;
}

/** a·ln(a/x) + x − a, where the parts would cancel each other; x where a is 0. */
export function deviance(a: number, x: number): number {
  const difference = a - x;
  if (a === 0) return x;
  if (Math.abs(difference) >= 0.1 * (a + x)) return a * Math.log(a / x) + x - a;
  const v = difference / (a + x);
  let sum = difference * v;
  let power = 2 * a * v;
  for (let j = 1; ; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * ln P(X = k) of a binomial X of n throws with probability p, without losing digits (C. Loader, "Fast and accurate computation of
 * binomial probabilities", 2000).
 */
export function logBinomial(k: number, n: number, p: number): number {
  const q = 1 - p;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  const shape = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  return shape - deviance(k, n * p) - deviance(n - k, n * q) + Math.log(n / (2 * Math.PI * k * (n - k))) / 2;
}

function stirlingSeries(a: number): number {
  const square = a * a;
  const last = 1 / 1188 - 691 / 360360 / square;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - last / square) / square) / square) / square) / a;
}
