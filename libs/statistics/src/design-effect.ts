import { longRunVarianceAround, type BucketSum } from './newey-west.js';

/** A window of right and wrong answers: its buckets in order of time, empty ones included; `sum` is how many were right. */
export interface AnswerWindow {
  readonly buckets: readonly BucketSum[];
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
export function designEffect({ buckets, lag, declared }: AnswerWindow): number {
  let samples = 0;
  let right = 0;
  for (const bucket of buckets) {
    samples += bucket.count;
    right += bucket.sum;
  }
  if (buckets.length < 4 * (lag + 1) || right === 0 || right === samples) return declared;
  const proportion = right / samples;
  const binomial = samples * proportion * (1 - proportion);
  return Math.max(1, longRunVarianceAround(buckets, proportion, lag) / binomial);
}
