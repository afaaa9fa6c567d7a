import jstat from 'jstat';

const { combinationln } = jstat.jStat;

/** Successes among samples, whole numbers. */
export interface Counts {
  readonly successes: number;
  readonly samples: number;
}

/**
 * One-sided exact test of two proportions (R. A. Fisher, 1922): the probability of so few successes in the first, or fewer,
 * where both have one rate, given all successes together. Relative error below 1e-9 while there are fewer than 10⁷ samples.
 *
 * @returns 1 where a side has no samples
 */
export function fisherLowerTail(first: Counts, second: Counts): number {
  const samples = first.samples + second.samples;
  const successes = first.successes + second.successes;
  const mean = (first.samples * successes) / samples;
  if (first.samples === 0 || second.samples === 0) return 1;
  if (first.successes <= mean) return lowerTail(first.successes, first.samples, successes, samples);
  // As few failures in the first as in the other tail, less what both tails hold.
  const failures = first.samples - first.successes;
  const upper = lowerTail(failures, first.samples, samples - successes, samples);
  return Math.min(1, 1 - upper + probability(failures, first.samples, samples - successes, samples));
}

/** P(X ≤ k) of a hypergeometric X, k not above its mean: the terms fall towards 0. */
function lowerTail(k: number, drawn: number, marked: number, all: number): number {
  let term = probability(k, drawn, marked, all);
  let sum = term;
  for (let i = k; i > 0 && term > sum * 1e-17; i--) {
    term *= (i * (all - marked - drawn + i)) / ((marked - i + 1) * (drawn - i + 1));
    sum += term;
  }
  return Math.min(1, sum);
}

/** P(X = k). */
function probability(k: number, drawn: number, marked: number, all: number): number {
  if (k < Math.max(0, drawn + marked - all) || k > Math.min(drawn, marked)) return 0;
  const marks = combinationln(marked, k) + combinationln(all - marked, drawn - k);
  return Math.exp(marks - combinationln(all, drawn));
}
