import { modelSchema } from '@moola/contracts/definitions/model';
import type { ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What a definition that gives a name only says. */
const defaults = modelSchema.parse({ name: 'undeclared' });

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

/**
 * What a model's definition says; of a model that nobody declared, and for what is left out (0 on the wire), what a
 * definition that gives a name only says.
 */
export function settingsOf(definition: ModelDefinition | undefined): ComparisonSettings {
  const comparison = definition?.comparison;
  const bucketMs = definition?.bucketMs || defaults.bucket;
  const dependenceMs = definition?.labelDependenceMs ?? defaults.labelDependence;
  return {
    bucketMs,
    lag: Math.floor(dependenceMs / bucketMs),
    alpha: comparison?.alpha || defaults.comparison.alpha,
    tunedForBuckets: comparison?.tunedForBuckets || defaults.comparison.tunedFor,
    minimumPairs: comparison?.minimumPairs || defaults.comparison.minimumPairs,
    designEffect: comparison?.designEffect || defaults.comparison.designEffect,
  };
}

/** Whether what was gathered under one of them still counts under the other: buckets and lags must be the same. */
export function gatherAlike(a: ComparisonSettings, b: ComparisonSettings): boolean {
  return a.bucketMs === b.bucketMs && a.lag === b.lag;
}
