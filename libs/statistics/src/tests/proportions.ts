import { twoSidedProbability } from '../normal.js';
import { twoProportionTest, type Proportion } from '../two-proportion.js';
import type { TestResult } from './test-result.js';

/** Second − first, in pooled standard errors. */
export function pooledProportions(first: Proportion, second: Proportion): TestResult | null {
  const found = twoProportionTest(second, first);
  return found === null ? null : { statistic: found.z, degreesOfFreedom: null, p: found.pValue };
}

/** Second − first, with each side's own variance: the test that belongs to Wald's interval. */
export function unpooledProportions(first: Proportion, second: Proportion): TestResult | null {
  if (first.samples === 0 || second.samples === 0) return null;
  const [p, q] = [first.successes / first.samples, second.successes / second.samples];
  const variance = (p * (1 - p)) / first.samples + (q * (1 - q)) / second.samples;
  if (!(variance > 0)) return null;
  const statistic = (q - p) / Math.sqrt(variance);
  return { statistic, degreesOfFreedom: null, p: twoSidedProbability(statistic) };
}
