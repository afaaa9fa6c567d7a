import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  Comparator,
  Compare,
  ModelDefinitionSchema,
  RuleDefinitionSchema,
  Severity,
  type ModelDefinition,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What a model that nobody declared is watched by: seen by everybody, paging nobody. Declaring it replaces all of it. */

const second = 1000;
const minute = 60 * second;
const few = 20;

const { BELOW, ABOVE } = Comparator;
const { WARNING, CRITICAL } = Severity;

export const defaultModel: ModelDefinition = create(ModelDefinitionSchema, {
  positiveClass: '1',
  labelHorizonMs: 24 * 60 * minute,
  labelDependenceMs: 0,
  designEffect: 1,
  bucketMs: 5 * second,
  budget: {
    windowMs: 60 * minute,
    knownGoodAfterMs: 60 * minute,
    knownGoodLabels: 100,
    lines: [
      { metric: 'accuracy', comparator: BELOW, limit: 0.8, severity: CRITICAL, gate: true, minimumSamples: few },
      { metric: 'precision', comparator: BELOW, limit: 0.75, severity: WARNING, minimumSamples: few },
      { metric: 'recall', comparator: BELOW, limit: 0.75, severity: WARNING, minimumSamples: few },
      { metric: 'latency_p95', comparator: ABOVE, limit: 50, severity: WARNING, minimumSamples: few },
      { metric: 'cost_per_prediction', comparator: ABOVE, limit: 0.001, severity: WARNING, minimumSamples: few },
      { metric: 'accuracy_degradation', comparator: ABOVE, limit: 0.05, severity: WARNING, minimumSamples: few },
      { metric: 'latency_increase', comparator: ABOVE, limit: 1.5, severity: WARNING, minimumSamples: few },
    ],
  },
  comparison: { alpha: 0.05, tunedForBuckets: 60, minimumPairs: 60, designEffect: 1 },
});

const rule = (fields: MessageInitShape<typeof RuleDefinitionSchema>): RuleDefinition =>
  create(RuleDefinitionSchema, { compare: Compare.FIGURE, minimumSamples: few, ...fields });

/** By the alert's name. */
export const defaultRules: ReadonlyMap<string, RuleDefinition> = new Map([
  [
    'AccuracyDrop',
    rule({
      metric: 'accuracy',
      windowMs: 5 * minute,
      comparator: BELOW,
      limit: 0.8,
      forMs: 5 * minute,
      keepFiringForMs: 5 * minute,
      severity: CRITICAL,
      summary: 'Accuracy is below the default budget of 80 %',
    }),
  ],
  [
    'LatencySpike',
    rule({
      metric: 'latency_p95',
      windowMs: 3 * minute,
      comparator: ABOVE,
      limit: 50,
      forMs: 3 * minute,
      keepFiringForMs: 3 * minute,
      severity: WARNING,
      summary: 'P95 latency is above the default budget of 50 ms',
    }),
  ],
  [
    'ErrorRateHigh',
    rule({
      metric: 'error_rate',
      windowMs: 2 * minute,
      comparator: ABOVE,
      limit: 0.05,
      forMs: 2 * minute,
      keepFiringForMs: 2 * minute,
      severity: CRITICAL,
      summary: 'More than 5 % of the predictions fail',
    }),
  ],
  [
    'ModelDriftDetected',
    rule({
      metric: 'accuracy',
      windowMs: 60 * minute,
      compare: Compare.DIFFERENCE_TO_BASELINE,
      comparator: BELOW,
      limit: -0.05,
      forMs: 5 * minute,
      keepFiringForMs: 5 * minute,
      severity: WARNING,
      summary: 'Accuracy is 5 points below what it was when the version was known good',
    }),
  ],
]);
