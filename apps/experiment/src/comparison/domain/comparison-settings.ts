import { create } from '@bufbuild/protobuf';
import { modelSchema } from '@moola/contracts/definitions/model';
import { ModelDefinitionSchema, type ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What a definition says that gives nothing but a name. */
const defaults = modelSchema.parse({ name: 'undeclared' });

/** A declared dependence spans at most so many buckets of a comparison; for a longer one its buckets are longer. */
const MOST_DECLARED_LAG = 60;

/** How the versions of one model are compared, every value stated. Plain data. */
export interface ComparisonSettings {
  /** Length of a bucket, milliseconds: the model's, or the multiple of it that a long dependence asks for. */
  readonly bucketMs: number;
  /** Over how many buckets inputs depend on each other, as far as it is declared. */
  readonly lag: number;
  /** Probability that the confidence sequence ever leaves out the truth. */
  readonly alpha: number;
  /** The number of buckets at which the sequence is tightest. */
  readonly tunedForBuckets: number;
  /** Below this many pairs there is no bound. */
  readonly minimumPairs: number;
  /** How many pairs are worth one independent pair, as far as it is declared; 1: not known. */
  readonly designEffect: number;
  /** How long an outcome may follow its prediction, milliseconds. */
  readonly labelHorizonMs: number;
}

type Declared = Pick<ModelDefinition, 'bucketMs' | 'labelDependenceMs' | 'labelHorizonMs' | 'comparison'>;

/** What a model's definition says; what it leaves out (0 on the wire) is as for a model that nobody declared. */
export function settingsOf({ labelDependenceMs, labelHorizonMs, comparison, ...model }: Declared): ComparisonSettings {
  const shortestMs = model.bucketMs || defaults.bucket;
  const bucketMs = shortestMs * Math.max(1, Math.ceil(labelDependenceMs / shortestMs / MOST_DECLARED_LAG));
  return {
    bucketMs,
    lag: Math.ceil(labelDependenceMs / bucketMs),
    alpha: comparison?.alpha || defaults.comparison.alpha,
    tunedForBuckets: comparison?.tunedForBuckets || defaults.comparison.tunedFor,
    minimumPairs: comparison?.minimumPairs || defaults.comparison.minimumPairs,
    designEffect: comparison?.designEffect || defaults.comparison.designEffect,
    labelHorizonMs: labelHorizonMs || defaults.labelHorizon,
  };
}

/** Of a model that nobody declared. */
export const undeclaredSettings: ComparisonSettings = settingsOf(create(ModelDefinitionSchema));

/** Whether what was gathered under one of them still counts under the other: the buckets must be the same. */
export function gatherAlike(a: ComparisonSettings, b: ComparisonSettings): boolean {
  return a.bucketMs === b.bucketMs;
}
