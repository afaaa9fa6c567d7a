import { create } from '@bufbuild/protobuf';
import { modelSchema } from '@moola/contracts/definitions/model';
import { ModelDefinitionSchema, type ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What a definition says that gives nothing but a name. */
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

/** What a model's definition says; what it leaves out (0 on the wire) is as for a model that nobody declared. */
export function settingsOf({
  bucketMs: declaredMs,
  labelDependenceMs,
  comparison,
}: ModelDefinition): ComparisonSettings {
  const bucketMs = declaredMs || defaults.bucket;
  return {
    bucketMs,
    lag: Math.ceil(labelDependenceMs / bucketMs),
    alpha: comparison?.alpha || defaults.comparison.alpha,
    tunedForBuckets: comparison?.tunedForBuckets || defaults.comparison.tunedFor,
    minimumPairs: comparison?.minimumPairs || defaults.comparison.minimumPairs,
    designEffect: comparison?.designEffect || defaults.comparison.designEffect,
  };
}

/** Of a model that nobody declared. */
export const undeclaredSettings: ComparisonSettings = settingsOf(create(ModelDefinitionSchema));

/** Whether what was gathered under one of them still counts under the other: buckets and lags must be the same. */
export function gatherAlike(a: ComparisonSettings, b: ComparisonSettings): boolean {
  return a.bucketMs === b.bucketMs && a.lag === b.lag;
}
