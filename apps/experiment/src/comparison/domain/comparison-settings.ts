import type { ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { defaultModel } from '@moola/rules/default-definitions';

const defaultComparison = { alpha: 0.05, tunedForBuckets: 60, minimumPairs: 60, designEffect: 1 };

/** How the versions of one model are compared, every value stated. Plain data. */
export interface ComparisonSettings {
  /** Length of a bucket, milliseconds. */
  readonly bucketMs: number;
  /** Over how many buckets outcomes depend on each other. */
  readonly lag: number;
  /** Probability that the confidence sequence ever leaves out the truth. */
  readonly alpha: number;
  /** The number of buckets at which the sequence is tightest. */
  readonly tunedForBuckets: number;
  /** Below this many pairs there is no bound. */
  readonly minimumPairs: number;
  /** Least design effect of the difference while the series is short; at least 1. */
  readonly designEffect: number;
}

/** What a model's definition says; what it leaves out (0 on the wire) is as for a model that nobody declared. */
export function settingsOf(definition: ModelDefinition): ComparisonSettings {
  const bucketMs = definition.bucketMs || defaultModel.bucketMs;
  const comparison = definition.comparison ?? defaultComparison;
  return {
    bucketMs,
    lag: Math.ceil(definition.labelDependenceMs / bucketMs),
    alpha: comparison.alpha || defaultComparison.alpha,
    tunedForBuckets: comparison.tunedForBuckets || defaultComparison.tunedForBuckets,
    minimumPairs: comparison.minimumPairs || defaultComparison.minimumPairs,
    designEffect: Math.max(1, comparison.designEffect),
  };
}

/** Of a model that nobody declared. */
export const undeclaredSettings: ComparisonSettings = settingsOf(defaultModel);

/** Whether what was gathered under one of them still counts under the other: buckets and lags must be the same. */
export function gatherAlike(a: ComparisonSettings, b: ComparisonSettings): boolean {
  return a.bucketMs === b.bucketMs && a.lag === b.lag;
}
