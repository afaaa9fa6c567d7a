import { theilSen } from '@moola/statistics/theil-sen';
import { paceOf, timeFor } from '../../domain/jobs/pace.js';
import type { Points } from '../../domain/subjects/spaced-points.js';
import { fewestSamples, shareOf, type Cell, type Covered } from './coverage.js';
import { drawsOf, type Draws } from './draws.js';

const runs = 250;
const stepsDone = 600;
const stepsAReport = 10;
/** A checkpoint after so many steps takes as long as five. */
const checkpoint = { every: 50, seconds: 5 } as const;
const stepsToCome = [6, 12, 30, 60, 120, 300, 600, 1800];

/** How many seconds a step takes, by kind of job. */
const kinds: Readonly<Record<string, { readonly mean: number; step(draws: Draws): number }>> = {
  'exponential steps': { mean: 1.5, step: (draws) => 0.5 + draws.exponential() },
  'log-normal steps': { mean: Math.exp(0.5), step: (draws) => Math.exp(draws.normal()) },
  'gaussian steps': { mean: 1.5, step: (draws) => Math.max(0, 1.5 + 0.5 * draws.normal()) },
};

/** When each step was done, seconds. */
function job(draws: Draws, step: (draws: Draws) => number, steps: number): Float64Array {
  const times = new Float64Array(steps + 1);
  for (let i = 1; i <= steps; i++) {
    times[i] = times[i - 1]! + step(draws) + (i % checkpoint.every === 0 ? checkpoint.seconds : 0);
  }
  return times;
}

function reports(times: Float64Array): Points {
  const points: Points = [];
  for (let step = 0; step <= stepsDone; step += stepsAReport) points.push([1000 * times[step]!, step]);
  return points;
}

function timeLeft(): Cell[] {
  const draws = drawsOf(1);
  return Object.entries(kinds).flatMap(([kind, { step }]) =>
    stepsToCome.map((toCome) => ({
      ...{ at: `${kind}, ${toCome} of ${stepsDone + toCome} steps left`, n: stepsDone / stepsAReport },
      coverage: shareOf(runs, () => {
        const times = job(draws, step, stepsDone + toCome);
        const took = 1000 * (times.at(-1)! - times[stepsDone]!);
        const { lower, upper } = timeFor(toCome, paceOf(reports(times))!)!;
        return lower! <= took && took <= upper!;
      }),
    })),
  );
}

function rate(): Cell[] {
  const draws = drawsOf(2);
  return Object.entries(kinds).map(([kind, { mean, step }]) => ({
    ...{ at: kind, n: stepsDone / stepsAReport },
    coverage: shareOf(8 * runs, () => {
      const { lower, upper } = paceOf(reports(job(draws, step, stepsDone)))!.rate;
      const truth = 1 / (mean + checkpoint.seconds / checkpoint.every);
      return lower! <= truth && truth <= upper!;
    }),
  }));
}

function slope(): Cell[] {
  const draws = drawsOf(3);
  const noises: readonly (readonly [string, () => number])[] = [
    ['normal noise', () => draws.normal()],
    ['exponential noise', () => draws.exponential()],
    ['noise with peaks', () => draws.normal() * (draws.next() < 0.1 ? 10 : 1)],
  ];
  return noises.flatMap(([kind, noise]) =>
    [8, 16, 32, 64].map((n) => ({
      // Growth is estimated from 64 reports at most: all of them count.
      ...{ at: `${kind}, ${n} reports`, n: fewestSamples },
      coverage: shareOf(2 * runs, () => {
        const line = theilSen(
          Array.from({ length: n }, (_, i) => [i, 0.1 * i + noise()]),
          0.95,
        )!;
        return line.lower <= 0.1 && 0.1 <= line.upper;
      }),
    })),
  );
}

export const jobEstimates: readonly Covered[] = [
  {
    ...{ name: 'Median of blocks, between order statistics', of: 'steps a second of a job', nominal: 0.95 },
    ...{ grid: `${8 * runs} jobs each; three kinds of steps, 60 reports`, cells: rate },
  },
  {
    ...{ name: 'Prediction from blocks of steps', of: 'time left of a job', nominal: 0.95 },
    ...{
      grid: `${runs} jobs each; three kinds of steps with checkpoints, 1 % to 75 % of the job left`,
      cells: timeLeft,
    },
  },
  {
    ...{ name: 'Theil and Sen', of: 'growth of memory, time until out of memory', nominal: 0.95 },
    ...{ grid: `${2 * runs} curves each; 8 to 64 reports, three kinds of noise`, cells: slope },
  },
];
