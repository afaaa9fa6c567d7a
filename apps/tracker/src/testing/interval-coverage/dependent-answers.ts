import { designEffect, type AnswerBucket } from '@moola/statistics/design-effect';
import { normalQuantile } from '@moola/statistics/normal';
import { wilsonInterval } from '@moola/statistics/wilson';
import { shareOf, type Cell, type Covered } from './coverage.js';
import { drawsOf, type Draws } from './draws.js';

const runs = 400;
const shares = [0.3, 0.5, 0.8, 0.9];
const windows = [60, 120, 240];
const answersInBucket = 5;
/** How far luck moves the chance of an answer, at most as far as 0 and 1 allow. */
const strength = 0.1;

/** A window of answers whose chance shares, in each bucket, what happened in the `lag` buckets before: dependence that ends there. */
function answers(draws: Draws, p: number, length: number, lag: number): AnswerBucket[] {
  const news = Array.from({ length: length + lag }, () => (draws.next() < 0.5 ? -1 : 1) / Math.sqrt(lag + 1));
  return Array.from({ length }, (_, at) => {
    const luck = news.slice(at, at + lag + 1).reduce((sum, each) => sum + each, 0);
    // Bounded on both sides alike, so that p stays the mean.
    const moved = Math.max(-1, Math.min(1, luck / 2)) * 2 * Math.min(strength, p / 2, (1 - p) / 2);
    let sum = 0;
    for (let i = 0; i < answersInBucket; i++) if (draws.next() < p + moved) sum++;
    return { at, sum, count: answersInBucket };
  });
}

/** @param lag over how many buckets dependence is declared, and lasts */
function cellsOf(lag: number): Cell[] {
  const draws = drawsOf(lag + 1);
  const z = normalQuantile(0.975);
  return windows.flatMap((length) =>
    shares.map((p) => ({
      ...{ at: `p = ${p}, ${length} buckets, dependence over ${lag}`, n: length * answersInBucket },
      coverage: shareOf(runs, () => {
        const buckets = answers(draws, p, length, lag);
        const right = buckets.reduce((sum, bucket) => sum + bucket.sum, 0);
        const samples = length * answersInBucket;
        const effect = designEffect({ length, buckets, lag, declared: 1 });
        const { lower, upper } = wilsonInterval(right / samples, samples / effect, z)!;
        return lower <= p && p <= upper;
      }),
    })),
  );
}

const about = {
  ...{ of: 'accuracy, where `labelDependence` is declared and the window long enough', nominal: 0.95 },
} as const;
const grid = `${runs} windows each; p 0.3 to 0.9, 60 to 240 buckets of ${answersInBucket} answers`;

export const dependentAnswers: readonly Covered[] = [
  { ...about, name: 'Wilson, effect measured, independent answers', grid, cells: () => cellsOf(0) },
  {
    ...{ ...about, name: 'Wilson, effect measured, dependence over 2, 5 and 10 buckets', grid },
    cells: () => [2, 5, 10].flatMap(cellsOf),
  },
];
