import { normalCdf, normalDensity } from '../normal.js';
import { rootOf } from '../quadrature.js';
import type { Spending } from './spending.js';

/** Points on which the distribution of a statistic that has not crossed yet is kept. */
const points = 201;
/** Nothing lies farther out. */
const farthest = 8;
/** Boundaries have so many digits. */
const tolerance = 1e-9;

/** z of one look that has not crossed: where, and how much of it lies there (density × weight of Simpson's rule). */
interface Held {
  readonly share: number;
  readonly z: Float64Array;
  readonly mass: Float64Array;
}

/**
 * Two-sided boundaries of a group-sequential test: |z| at look k must reach the k-th to reject, so that α is spent as told
 * (P. Armitage, C. K. McPherson and B. C. Rowe, 1969; C. Jennison and B. W. Turnbull, Group Sequential Methods, 2000, chapter 19).
 *
 * @param shares of the information at each look, ascending, the last 1
 */
export function spendingBoundaries(shares: readonly number[], alpha: number, spending: Spending): number[] {
  let held: Held | null = null;
  let spent = 0;
  return shares.map((share) => {
    const toSpend = spending(share, alpha) - spent;
    spent += Math.max(0, toSpend);
    const before: Held | null = held;
    const boundary: number =
      toSpend <= 0 ? Infinity : rootOf((c) => toSpend - crossing(before, share, c), 0, 40, tolerance);
    held = next(before, share, Math.min(boundary, farthest));
    return boundary;
  });
}

/** The same where all boundaries follow from one constant: of Pocock c, of O'Brien and Fleming c/√share. */
export function constantBoundaries(
  shares: readonly number[],
  alpha: number,
  shape: 'pocock' | 'obrienFleming',
): number[] {
  const boundaries = (c: number) => shares.map((share) => (shape === 'pocock' ? c : c / Math.sqrt(share)));
  const constant = rootOf((c) => alpha - crossingByEnd(shares, boundaries(c)), 0.5, 10, tolerance);
  return boundaries(constant);
}

/** The probability that |z| reaches any of the boundaries, without effect or with a drift: the mean of z at full information. */
export function crossingByEnd(shares: readonly number[], boundaries: readonly number[], drift = 0): number {
  let held: Held | null = null;
  let total = 0;
  shares.forEach((share, k) => {
    const boundary = boundaries[k] as number;
    total += crossing(held, share, boundary, drift);
    if (k < shares.length - 1) held = next(held, share, Math.min(boundary, farthest), drift);
  });
  return total;
}

/**
 * The probability that a test will reject in the end, given z at a share of the information (conditional power): with the drift that is
 * seen, or the one that was planned for. Small: futile.
 */
export function conditionalPower(z: number, share: number, critical: number, drift = z / Math.sqrt(share)): number {
  const ahead = z * Math.sqrt(share) + drift * (1 - share);
  const deviation = Math.sqrt(1 - share);
  return normalCdf((ahead - critical) / deviation) + normalCdf((-critical - ahead) / deviation);
}

function crossing(held: Held | null, share: number, boundary: number, drift = 0): number {
  if (held === null) {
    const mean = drift * Math.sqrt(share);
    return normalCdf(mean - boundary) + normalCdf(-boundary - mean);
  }
  let total = 0;
  const { z, mass } = held;
  const { slope, shift, deviation } = step(held, share, drift);
  for (let i = 0; i < z.length; i++) {
    const mean = slope * (z[i] as number) + shift;
    const [above, below] = [(mean - boundary) / deviation, (-boundary - mean) / deviation];
    total += (mass[i] as number) * (normalCdf(above) + normalCdf(below));
  }
  return total;
}

function next(held: Held | null, share: number, boundary: number, drift = 0): Held {
  const z = new Float64Array(points);
  const mass = new Float64Array(points);
  const width = (2 * boundary) / (points - 1);
  for (let j = 0; j < points; j++) {
    const at = -boundary + j * width;
    const simpson = j === 0 || j === points - 1 ? 1 : j % 2 === 1 ? 4 : 2;
    z[j] = at;
    mass[j] = densityAt(held, at, share, drift) * simpson * (width / 3);
  }
  return { share, z, mass };
}

function densityAt(held: Held | null, at: number, share: number, drift: number): number {
  if (held === null) return normalDensity(at - drift * Math.sqrt(share));
  const { slope, shift, deviation } = step(held, share, drift);
  let density = 0;
  for (let i = 0; i < held.z.length; i++) {
    const off = (at - slope * (held.z[i] as number) - shift) / deviation;
    if (off < 9 && off > -9) density += (held.mass[i] as number) * Math.exp(-(off * off) / 2);
  }
  return density / (deviation * Math.sqrt(2 * Math.PI));
}

/** z of the next look, given z of the last: normal, with a mean of slope × z + shift. */
function step(held: Held, share: number, drift: number) {
  const gained = share - held.share;
  return {
    slope: Math.sqrt(held.share / share),
    shift: (drift * gained) / Math.sqrt(share),
    deviation: Math.sqrt(gained / share),
  };
}
