import { longRunVariance, type BucketSum } from './newey-west.js';

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

/**
 * By how much dependence inflates the variance of a proportion (design effect: L. Kish, Survey Sampling, 1965): the
 * window's long-run variance ÷ the binomial variance, at least 1. Where the window is shorter than four times the
 * dependence, or nothing in it varies, the declared effect stands.
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
  const positions = buckets.map(({ at }) => at);
  const deviations = buckets.map(({ sum, count }) => sum - proportion * count);
  return Math.max(1, longRunVariance(deviations, lag, positions) / binomial);
}
