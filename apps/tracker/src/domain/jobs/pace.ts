import type { Estimated } from '@moola/metrics/subject-metric';
import { median } from '@moola/statistics/median';
import { studentQuantile } from '@moola/statistics/student';
import type { Points } from '../subjects/spaced-points.js';

/** How fast a job is going. */
export interface Pace {
  /** Steps a second: the median over blocks of equal length, so that a pause of one of them changes little. */
  readonly rate: number;
  /** Of the blocks' rates: 1.4826 × their median absolute deviation, the standard deviation if they are normal. */
  readonly spread: number;
  readonly blocks: number;
  readonly blockMs: number;
}

const mostBlocks = 10;
/** Fewer say nothing about how much the pace varies. */
const fewestForInterval = 3;
/** Variance of a median ÷ that of a mean, of normal values. */
const ofMedian = Math.PI / 2;

/** @param progress steps over time, milliseconds; @returns `null` where no time has passed between reports */
export function paceOf(progress: Points): Pace | null {
  const first = progress[0];
  const last = progress.at(-1);
  if (first === undefined || last === undefined || last[0] <= first[0]) return null;
  const blocks = Math.min(mostBlocks, progress.length - 1);
  const blockMs = (last[0] - first[0]) / blocks;
  const edges = stepsAt(progress, blocks, first[0], blockMs);
  const rates = edges.slice(1).map((step, i) => ((step - edges[i]!) * 1000) / blockMs);
  const rate = median(rates);
  const spread = 1.4826 * median(rates.map((each) => Math.abs(each - rate)));
  return { rate, spread, blocks, blockMs };
}

/** The rate with the 95 % interval of a median. */
export function rateOf({ rate, spread, blocks }: Pace): Estimated {
  if (blocks < fewestForInterval) return { value: rate };
  const half = studentQuantile(0.975, blocks - 1) * spread * Math.sqrt(ofMedian / blocks);
  return { value: rate, lower: Math.max(0, rate - half), upper: rate + half };
}

/**
 * How long so many steps take, milliseconds, with a 95 % prediction interval: the pace is uncertain, and so are the blocks to
 * come. `undefined` where it makes no steps.
 */
export function timeFor(steps: number, { rate, spread, blocks, blockMs }: Pace): Estimated | undefined {
  if (steps === 0) return { value: 0, lower: 0, upper: 0 };
  if (rate <= 0) return undefined;
  const value = (steps / rate) * 1000;
  if (blocks < fewestForInterval) return { value };
  const toCome = value / blockMs;
  const half = studentQuantile(0.975, blocks - 1) * spread * Math.sqrt(ofMedian / blocks + 1 / toCome);
  const lower = (steps / (rate + half)) * 1000;
  return rate > half ? { value, lower, upper: (steps / (rate - half)) * 1000 } : { value, lower };
}

/** Steps at the edges of the blocks, between reports as if they had been made evenly. */
function stepsAt(progress: Points, blocks: number, firstMs: number, blockMs: number): number[] {
  const steps: number[] = [];
  let after = 1;
  for (let edge = 0; edge <= blocks; edge++) {
    const timeMs = firstMs + edge * blockMs;
    while (after < progress.length - 1 && progress[after]![0] < timeMs) after++;
    const [beforeMs, beforeStep] = progress[after - 1]!;
    const [afterMs, afterStep] = progress[after]!;
    const share = afterMs === beforeMs ? 1 : Math.min(1, (timeMs - beforeMs) / (afterMs - beforeMs));
    steps.push(beforeStep + share * (afterStep - beforeStep));
  }
  return steps;
}
