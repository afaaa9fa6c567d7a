import { normalQuantile } from '@moola/statistics/normal';
import { wilsonInterval } from '@moola/statistics/wilson';
import type { Cell, Covered } from './coverage.js';

const sizes = [50, 100, 200, 500, 1000];
const shares = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
/** Of answers in groups: how many depend on each other, and how much two of a group correlate. */
const group = { size: 5, correlation: 0.25 } as const;
const groupEffect = 1 + (group.size - 1) * group.correlation;

/** P(X = k) for k = 0 … n. */
function binomial(n: number, p: number): Float64Array {
  const probabilities = new Float64Array(n + 1);
  let logarithm = n * Math.log1p(-p);
  for (let k = 0; k <= n; k++) {
    probabilities[k] = Math.exp(logarithm);
    logarithm += Math.log(((n - k) / (k + 1)) * (p / (1 - p)));
  }
  return probabilities;
}

/** P(X = k) of a beta-binomial: of answers whose chance is drawn anew for each group. */
function oneGroup(p: number): Float64Array {
  const scale = 1 / group.correlation - 1;
  const [a, b] = [p * scale, (1 - p) * scale];
  const probabilities = new Float64Array(group.size + 1);
  for (let k = 0; k <= group.size; k++) {
    let chance = 1;
    for (let i = 0; i < k; i++) chance *= ((group.size - i) / (i + 1)) * (a + i);
    for (let i = 0; i < group.size - k; i++) chance *= b + i;
    for (let i = 0; i < group.size; i++) chance /= scale + i;
    probabilities[k] = chance;
  }
  return probabilities;
}

/** P(X = k) of right answers among n in groups. */
function grouped(n: number, p: number): Float64Array {
  const one = oneGroup(p);
  let sum = Float64Array.of(1);
  for (let groups = n / group.size; groups > 0; groups--) {
    const next = new Float64Array(sum.length + group.size);
    for (let i = 0; i < sum.length; i++) for (let k = 0; k <= group.size; k++) next[i + k]! += sum[i]! * one[k]!;
    sum = next;
  }
  return sum;
}

/** Exact: the probability of the counts whose interval holds p. */
function exact(distribution: (n: number, p: number) => Float64Array, effect: number, holds: Holds, z: number): Cell[] {
  return sizes.flatMap((n) =>
    shares.map((p) => {
      let coverage = 0;
      distribution(n, p).forEach((probability, k) => {
        const { lower, upper } = wilsonInterval(k / n, n / effect, z)!;
        if (holds(p, lower, upper)) coverage += probability;
      });
      return { at: `p = ${p}, n = ${n}`, n, coverage };
    }),
  );
}

type Holds = (p: number, lower: number, upper: number) => boolean;
const between: Holds = (p, lower, upper) => lower <= p && p <= upper;
// Upper bounds of p are lower ones of 1 − p: the grid has both.
const above: Holds = (p, lower) => lower <= p;

const grid = 'exact, p 0.01 to 0.99, n 50 to 1000';
const figures = 'accuracy, precision, recall, specificity, negative predictive value, error rate';

export const proportions: readonly Covered[] = [
  {
    ...{ name: 'Wilson, two-sided', of: figures, grid, nominal: 0.95 },
    cells: () => exact(binomial, 1, between, normalQuantile(0.975)),
  },
  ...[0.75, 0.95, 0.99].map((nominal) => ({
    ...{ name: 'Wilson, one-sided', of: 'rules that compare the bound', grid, nominal },
    cells: () => exact(binomial, 1, above, normalQuantile(nominal)),
  })),
  {
    ...{ name: 'Wilson, declared design effect', of: `${figures}, of answers that depend on each other` },
    ...{ grid: `${grid}; groups of ${group.size} that correlate by ${group.correlation}`, nominal: 0.95 },
    cells: () => exact(grouped, groupEffect, between, normalQuantile(0.975)),
  },
];
