import { longRunFreedom, longRunVariance, type BucketSum } from './newey-west.js';

/** A bucket of answers: `sum` is how many were right, `at` which bucket it is. */
export interface AnswerBucket extends BucketSum {
  readonly at: number;
}

/** A window of right and wrong answers. */
export interface AnswerWindow {
  /** How many buckets it has. */
  readonly length: number;
  /** Its buckets in order of time; those without answers may be left out. */
  readonly buckets: readonly AnswerBucket[];
  /** Over how many buckets answers depend on each other. */
  readonly lag: number;
  /** The effect to assume where the window cannot tell; at least 1. */
  readonly declared: number;
}

/** So many degrees of freedom are assumed at least: of fewer the variance of Student's t is not finite. */
const leastFreedom = 3;

/**
 * By how much dependence inflates the variance of a proportion (design effect: L. Kish, Survey Sampling, 1965): the
 * window's long-run variance ÷ the binomial variance, at least 1. The kernel reaches twice as far as dependence lasts, since it
 * counts distant buckets less. What the proportion itself has taken out of the deviations is put back, and what an
 * estimate with few degrees of freedom is off by is allowed for, as Student's t is wider than the normal distribution. Where the
 * window is shorter than four times the dependence, or nothing in it varies, the declared effect stands.
 */
export function designEffect({ length, buckets, lag, declared }: AnswerWindow): number {
  let samples = 0;
  let right = 0;
  for (const bucket of buckets) {
    samples += bucket.count;
    right += bucket.sum;
  }
  if (length < 4 * (lag + 1) || right === 0 || right === samples) return declared;
  const proportion = right / samples;
  const binomial = samples * proportion * (1 - proportion);
  const reach = 2 * lag;
  const positions = buckets.map(({ at }) => at);
  const counts = buckets.map(({ count }) => count);
  const deviations = buckets.map(({ sum, count }) => sum - proportion * count);
  const takenOut = longRunVariance(counts, reach, positions) / samples ** 2;
  // All in one bucket: nothing is left to see dependence by.
  if (takenOut >= 1) return declared;
  const freedom = Math.max(leastFreedom, longRunFreedom(counts, reach, positions));
  const variance = longRunVariance(deviations, reach, positions) / (1 - takenOut);
  return Math.max(1, ((variance / binomial) * freedom) / (freedom - 2));
}
