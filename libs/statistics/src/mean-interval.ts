import { studentOfNormal } from './student.js';
import type { Interval } from './wilson.js';

/**
 * Interval of a mean whose variance is estimated from the same samples (Student, Biometrika 6, 1908). Exact for normal samples; of
 * skewed ones it is as good as the normal approximation of their mean.
 *
 * @param variance of one sample, estimated
 * @param effectiveSamples what the samples are worth: their count ÷ the design effect
 * @param z standard normal quantile of the confidence
 */
export function meanInterval(mean: number, variance: number, effectiveSamples: number, z: number): Interval {
  const half = studentOfNormal(z, effectiveSamples - 1) * Math.sqrt(Math.max(0, variance) / effectiveSamples);
  return { lower: mean - half, upper: mean + half };
}
