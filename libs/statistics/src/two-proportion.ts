import { twoSidedProbability } from './normal.js';

/** Successes among samples. */
export interface Proportion {
  readonly successes: number;
  readonly samples: number;
}

export interface TwoProportionTest {
  readonly z: number;
  /** Two-sided, for one look. */
  readonly pValue: number;
}

/**
 * Two-proportion z test with pooled variance, for independent samples.
 *
 * @returns `null` where it says nothing: a side without samples, or all samples of both sides alike.
 */
export function twoProportionTest(first: Proportion, second: Proportion): TwoProportionTest | null {
  if (first.samples === 0 || second.samples === 0) return null;
  const samples = first.samples + second.samples;
  const successes = first.successes + second.successes;
  if (successes === 0 || successes === samples) return null;
  const pooled = successes / samples;
  const variance = pooled * (1 - pooled) * (1 / first.samples + 1 / second.samples);
  const z = (first.successes / first.samples - second.successes / second.samples) / Math.sqrt(variance);
  return { z, pValue: twoSidedProbability(z) };
}
