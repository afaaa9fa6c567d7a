import { cupedEstimate, cupedSlope } from '../arms/cuped.js';
import { differenceOf, type Difference } from '../arms/difference.js';
import { normalLoss } from '../bayes/posterior.js';
import { anytimePValue, oneSidedHalfWidth, sequenceHalfWidth } from '../confidence-sequence.js';
import { fisherTwoSided } from '../fisher-exact.js';
import { normalCdf } from '../normal.js';
import { studentQuantile } from '../student.js';
import { differenceTest } from '../tests/means.js';
import { pooledProportions } from '../tests/proportions.js';
import type { ArmFigure } from './arm-figures.js';
import type { MetricPlan, Plan } from './plan.js';

export type Bounds = readonly [number, number];

/** Where a figure cannot be computed, it is `null`. */
export interface Comparison {
  readonly metric: MetricPlan;
  readonly control: string;
  readonly treatment: string;
  readonly n: { readonly control: number; readonly treatment: number };
  readonly estimate: {
    readonly control: number | null;
    readonly treatment: number | null;
    readonly absolute: number | null;
    readonly relative: number | null;
  };
  readonly fixed: {
    readonly test: FixedTest;
    readonly statistic: number | null;
    readonly degreesOfFreedom: number | null;
    readonly p: number | null;
    readonly interval: Bounds | null;
    readonly relativeInterval: Bounds | null;
  };
  readonly exact: { readonly test: 'fisher'; readonly p: number } | null;
  readonly anytime: {
    readonly p: number | null;
    readonly interval: Bounds | null;
    readonly relativeInterval: Bounds | null;
    /** Of a guardrail: treatment is not worse than this, at every look; in the direction that is good. */
    readonly worst: number | null;
  };
  /** With flat priors: the probability that treatment is better, and what is lost on average by taking either. */
  readonly bayesian: {
    readonly probabilityBetter: number | null;
    readonly expectedLoss: { readonly ofTreatment: number | null; readonly ofControl: number | null };
  };
  /** By how much the covariate made the variance smaller, such as 0.4; `null` without one. */
  readonly varianceReduction: number | null;
}

/** Names of the tests as reports have them. */
export type FixedTest = 'two-proportion-z' | 'welch' | 'welch-cuped' | 'welch-delta' | 'z-quantile' | 'z-clustered';

export function compare(
  plan: Plan,
  metric: MetricPlan,
  control: ArmFigure,
  treatment: ArmFigure,
  names: { readonly control: string; readonly treatment: string },
): Comparison {
  const adjusted = withCovariate(control, treatment);
  const difference = differenceOf(adjusted.control, adjusted.treatment);
  const hasError = difference.standardError > 0 && Number.isFinite(difference.standardError);
  const { samples, standardError, absolute, relative, relativeError } = difference;
  const sequence = plan.tunedFor === null ? null : { alpha: plan.alpha, tunedFor: plan.tunedFor };
  const anytimeFactor = sequence === null || !hasError ? NaN : sequenceHalfWidth(1, samples, sequence);
  const fixedFactor = hasError ? -studentQuantile(plan.alpha / 2, difference.freedom ?? Infinity) : NaN;
  const sign = metric.better === 'higher' ? 1 : -1;
  const worstHalf = sequence === null || !hasError ? NaN : oneSidedHalfWidth(standardError, samples, sequence);
  return {
    metric,
    ...names,
    n: { control: control.estimate.samples, treatment: treatment.estimate.samples },
    estimate: {
      control: finite(adjusted.control.value),
      treatment: finite(adjusted.treatment.value),
      absolute: finite(absolute),
      relative: finite(relative),
    },
    fixed: {
      ...fixedTest(metric, control, treatment, difference, adjusted.isAdjusted),
      interval: around(absolute, standardError * fixedFactor),
      relativeInterval: around(relative, (relativeError ?? NaN) * fixedFactor),
    },
    exact: exactTest(control, treatment),
    anytime: {
      p: sequence === null || !hasError ? null : anytimePValue(absolute, standardError, samples, sequence),
      interval: around(absolute, standardError * anytimeFactor),
      relativeInterval: around(relative, (relativeError ?? NaN) * anytimeFactor),
      worst: finite(sign * absolute - worstHalf),
    },
    bayesian: {
      probabilityBetter: hasError ? normalCdf((sign * absolute) / standardError) : null,
      expectedLoss: {
        ofTreatment: hasError ? normalLoss(sign * absolute, standardError) : null,
        ofControl: hasError ? normalLoss(-sign * absolute, standardError) : null,
      },
    },
    varianceReduction: adjusted.isAdjusted ? finite(adjusted.reduction) : null,
  };
}

/** Both arms' estimates with what a covariate from before explains taken off. */
function withCovariate(control: ArmFigure, treatment: ArmFigure) {
  const plain = { control: control.estimate, treatment: treatment.estimate, isAdjusted: false, reduction: NaN };
  const [x, y] = [control.covariate, treatment.covariate];
  if (x === null || y === null || x.count < 2 || y.count < 2) return plain;
  const slope = cupedSlope(x, y);
  if (slope === 0) return plain;
  const pooled = (x.count * x.meanY + y.count * y.meanY) / (x.count + y.count);
  const adjusted = { control: cupedEstimate(x, slope, pooled), treatment: cupedEstimate(y, slope, pooled) };
  const before = plain.control.variance + plain.treatment.variance;
  const after = adjusted.control.variance + adjusted.treatment.variance;
  return { ...adjusted, isAdjusted: true, reduction: 1 - after / before };
}

function fixedTest(
  metric: MetricPlan,
  control: ArmFigure,
  treatment: ArmFigure,
  difference: Difference,
  isAdjusted: boolean,
): Pick<Comparison['fixed'], 'test' | 'statistic' | 'degreesOfFreedom' | 'p'> {
  const isCounted = control.successes !== null && treatment.successes !== null;
  const found = isCounted ? pooledProportions(counts(control), counts(treatment)) : differenceTest(difference);
  return {
    test: testName(metric, isCounted, isAdjusted),
    statistic: finite(found?.statistic ?? null),
    degreesOfFreedom: finite(found?.degreesOfFreedom ?? difference.freedom),
    p: finite(found?.p ?? null),
  };
}

function testName({ type }: MetricPlan, isCounted: boolean, isAdjusted: boolean): FixedTest {
  switch (type) {
    case 'proportion':
      return isCounted ? 'two-proportion-z' : 'z-clustered';
    case 'mean':
      return isAdjusted ? 'welch-cuped' : 'welch';
    case 'ratio':
      return 'welch-delta';
    case 'quantile':
      return 'z-quantile';
  }
}

function exactTest(control: ArmFigure, treatment: ArmFigure): Comparison['exact'] {
  if (control.successes === null || treatment.successes === null) return null;
  if (control.estimate.samples === 0 || treatment.estimate.samples === 0) return null;
  return { test: 'fisher', p: fisherTwoSided(counts(control), counts(treatment)) };
}

const counts = ({ estimate, successes }: ArmFigure) => ({ successes: successes ?? 0, samples: estimate.samples });

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

function around(middle: number | null, half: number): Bounds | null {
  return middle !== null && Number.isFinite(middle) && Number.isFinite(half) ? [middle - half, middle + half] : null;
}
