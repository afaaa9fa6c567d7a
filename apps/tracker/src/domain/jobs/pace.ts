import type { Estimated } from '@moola/metrics/subject-metric';
import { median } from '@moola/statistics/median';
import { medianInterval } from '@moola/statistics/median-interval';
import { studentQuantile } from '@moola/statistics/student';
import type { Points } from '../subjects/spaced-points.js';

/** How fast a job is going. */
export interface Pace {
  /** Steps a second: the median over blocks of equal time, so that a pause of one of them changes little. */
  readonly rate: Estimated;
  /** What it was measured from: steps over time, milliseconds. */
  readonly progress: Points;
}

/** Blocks of equal time, whose rates have the median. */
const rateBlocks = 10;
/** Blocks of equal steps: at most so many, as long as the steps to come where these are few. */
const mostStepBlocks = 32;
/** Fewer say nothing about how much the pace varies. */
const fewestForInterval = 3;

/** @param progress steps over time, milliseconds; @returns `null` where no time has passed between reports */
export function paceOf(progress: Points): Pace | null {
  const first = progress[0];
  const last = progress.at(-1);
  if (first === undefined || last === undefined || last[0] <= first[0]) return null;
  const blocks = Math.min(rateBlocks, progress.length - 1);
  const rates = differences(progress, blocks).map((steps) => (steps * 1000 * blocks) / (last[0] - first[0]));
  return { rate: { value: median(rates), ...medianInterval(rates, 0.95) }, progress };
}

/**
 * How long so many steps take, milliseconds, with a 95 % prediction interval: the mean and the variance of how long a step takes
 * are estimated from blocks of steps (Student's t), and the steps to come vary as well. `undefined` where it makes no steps.
 */
export function timeFor(steps: number, { rate, progress }: Pace): Estimated | undefined {
  if (steps === 0) return { value: 0, lower: 0, upper: 0 };
  if (rate.value <= 0) return undefined;
  const value = (steps / rate.value) * 1000;
  const done = progress.at(-1)![1] - progress[0]![1];
  const blocks = Math.min(
    progress.length - 1,
    Math.max(rateBlocks, Math.min(mostStepBlocks, Math.floor(done / steps))),
  );
  if (blocks < fewestForInterval) return { value };
  const times = differences(
    progress.map(([timeMs, step]) => [step, timeMs]),
    blocks,
  );
  const mean = times.reduce((sum, time) => sum + time, 0) / blocks;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (blocks - 1);
  const toCome = (steps * blocks) / done;
  const half = studentQuantile(0.975, blocks - 1) * Math.sqrt(variance * (toCome + toCome ** 2 / blocks));
  // The median forgets pauses, the mean does not: the value may lie outside.
  return {
    value,
    lower: Math.max(0, Math.min(value, toCome * mean - half)),
    upper: Math.max(value, toCome * mean + half),
  };
}

/**
 * By how much y grows in each of so many blocks of equal x; between points it grows evenly. What happens before x begins to grow, or
 * after it has ended to, belongs to the first and the last block.
 */
function differences(points: Points, blocks: number): number[] {
  const [firstX, firstY] = points[0]!;
  const [lastX, lastY] = points.at(-1)!;
  const ys = [firstY];
  let after = 1;
  for (let edge = 1; edge < blocks; edge++) {
    // Behind the first x: the fraction of a millisecond since 1970 would be rounded.
    const x = (edge * (lastX - firstX)) / blocks;
    while (after < points.length - 1 && points[after]![0] - firstX < x) after++;
    const [beforeX, beforeY] = points[after - 1]!;
    const [afterX, afterY] = points[after]!;
    const share = afterX === beforeX ? 1 : Math.min(1, (x - (beforeX - firstX)) / (afterX - beforeX));
    ys.push(beforeY + share * (afterY - beforeY));
  }
  ys.push(lastY);
  return ys.slice(1).map((y, i) => y - ys[i]!);
}
