import type { Estimated } from '@moola/metrics/subject-metric';
import { theilSen } from '@moola/statistics/theil-sen';
import type { Points } from '../subjects/spaced-points.js';

/** Fewer reports say nothing about growth. */
const fewest = 8;
const confidence = 0.95;

/**
 * When memory reaches its limit if it grows on as it did, milliseconds after the last report: the distance to the limit ÷ the
 * slope of Theil and Sen, which neither a peak nor a release of memory bends, with the interval of that slope.
 *
 * @param memory bytes over time, milliseconds
 * @returns `undefined` where it cannot be told from memory that does not grow: the interval of the slope holds 0
 */
export function outOfMemoryIn(memory: Points, limitBytes: number): Estimated | undefined {
  const lastMs = memory.at(-1)?.[0];
  if (lastMs === undefined || memory.length < fewest) return undefined;
  const line = theilSen(
    memory.map(([timeMs, bytes]) => [timeMs - lastMs, bytes]),
    confidence,
  );
  if (line === null || line.lower <= 0) return undefined;
  const left = Math.max(0, limitBytes - line.intercept);
  return { value: left / line.slope, lower: left / line.upper, upper: left / line.lower };
}
