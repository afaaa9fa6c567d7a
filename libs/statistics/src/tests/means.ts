import { meanEstimate } from '../arms/estimate.js';
import { differenceOf, type Difference } from '../arms/difference.js';
import { varianceOf, type Moments } from '../arms/moments.js';
import { twoSidedProbability } from '../normal.js';
import { studentTwoSided } from '../student.js';
import type { TestResult } from './test-result.js';

/** Second − first, with variances of their own (B. L. Welch, Biometrika 34, 1947). */
export function welchTest(first: Moments, second: Moments): TestResult | null {
  if (first.count < 2 || second.count < 2) return null;
  return differenceTest(differenceOf(meanEstimate(first), meanEstimate(second)));
}

/** A difference in its standard errors: by Student's t with its degrees of freedom, or the normal distribution. */
export function differenceTest({ absolute, standardError, freedom }: Difference): TestResult | null {
  if (!(standardError > 0) || !Number.isFinite(absolute)) return null;
  const statistic = absolute / standardError;
  const p = freedom === null ? twoSidedProbability(statistic) : studentTwoSided(statistic, freedom);
  return { statistic, degreesOfFreedom: freedom, p };
}

/** Of units that were measured twice: that their differences are 0 on average (Student, Biometrika 6, 1908). */
export function pairedTest(differences: Moments): TestResult | null {
  const error = Math.sqrt(varianceOf(differences) / differences.count);
  if (!(error > 0)) return null;
  const statistic = differences.mean / error;
  const degreesOfFreedom = differences.count - 1;
  return { statistic, degreesOfFreedom, p: studentTwoSided(statistic, degreesOfFreedom) };
}
