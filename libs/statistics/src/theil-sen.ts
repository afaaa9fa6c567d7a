import { medianOfSorted } from './median.js';
import { normalQuantile } from './normal.js';

/** A straight line through points of which some may be far off. */
export interface RobustLine {
  readonly slope: number;
  /** Distribution-free interval of the slope. */
  readonly lower: number;
  readonly upper: number;
  /** At x = 0: median of y − slope × median of x. */
  readonly intercept: number;
}

/**
 * The median of the slopes of all pairs of points (Theil, 1950), with the interval of Sen (Journal of the American
 * Statistical Association 63, 1968, 1379–1389): up to 29 % of the points may be arbitrary. As `scipy.stats.theilslopes`.
 * Takes time as the square of the number of points.
 *
 * @param confidence two-sided, in (0, 1)
 * @returns `null` where no two points differ in x
 */
export function theilSen(points: readonly (readonly [x: number, y: number])[], confidence: number): RobustLine | null {
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++) {
    const [x, y] = points[i]!;
    for (let j = 0; j < i; j++) {
      const [otherX, otherY] = points[j]!;
      if (x !== otherX) slopes.push((y - otherY) / (x - otherX));
    }
  }
  if (slopes.length === 0) return null;
  const sorted = Float64Array.from(slopes).sort();
  const slope = medianOfSorted(sorted);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const variance = (triples(points.length) - tied(xs) - tied(ys)) / 18;
  const half = normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance);
  const upper = Math.min(halfToEven((sorted.length + half) / 2), sorted.length - 1);
  const lower = Math.max(halfToEven((sorted.length - half) / 2) - 1, 0);
  return {
    slope,
    lower: sorted[lower]!,
    upper: sorted[upper]!,
    intercept: medianOfSorted(Float64Array.from(ys).sort()) - slope * medianOfSorted(Float64Array.from(xs).sort()),
  };
}

/** n (n − 1) (2 n + 5). */
function triples(n: number): number {
  return n * (n - 1) * (2 * n + 5);
}

/** The same, summed over groups of equal values. */
function tied(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += triples(count);
  return sum;
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
