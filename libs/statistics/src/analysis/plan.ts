import type { CorrectionName } from '../corrections.js';

export const metricTypes = ['proportion', 'mean', 'ratio', 'quantile'] as const;
export type MetricType = (typeof metricTypes)[number];

/** A metric of an experiment. */
export interface MetricPlan {
  readonly name: string;
  readonly type: MetricType;
  /** Which way is good. */
  readonly better: 'higher' | 'lower';
  /** The smallest absolute effect that matters; `null`: none was declared. */
  readonly minEffect: number | null;
  /**
   * Of a guardrail: treatment may be worse by so much, in the metric's unit. It is held against a one-sided bound; `null`: it is no
   * guardrail.
   */
  readonly margin: number | null;
}

/** How an experiment is to be judged. */
export interface Plan {
  readonly control: string;
  readonly metrics: readonly MetricPlan[];
  /** Two-sided. */
  readonly alpha: number;
  /** What decisions are corrected by for there being several comparisons. */
  readonly correction: CorrectionName | 'none';
  /** The number of units at which the always-valid interval is tightest; `null`: decisions rest on one look. */
  readonly tunedFor: number | null;
  /** Planned shares of arms, in any unit; `null`: equal ones. */
  readonly weights: ReadonlyMap<string, number> | null;
  /** Below this p of the sample ratio the experiment is not healthy. */
  readonly srmAlpha: number;
  /** Units that each arm needs before anything is decided: the intervals are asymptotic. */
  readonly minUnits: number;
}

/** What stands where a plan says nothing. */
export const planDefaults = {
  alpha: 0.05,
  correction: 'holm',
  tunedFor: 5000,
  srmAlpha: 0.001,
  minUnits: 100,
} as const satisfies Partial<Plan>;
