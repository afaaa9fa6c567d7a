import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  Comparator,
  Compare,
  RuleDefinitionSchema,
  Severity,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';

/**
 * The rules of a model that nobody declared, beside the budget that every field's default gives it: seen by everybody,
 * paging nobody. Declaring the model takes their place.
 */

const minute = 60_000;
const few = 30;

const { BELOW, ABOVE } = Comparator;
const { WARNING, CRITICAL } = Severity;

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
      summary: 'Accuracy is below 80 %',
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
      summary: 'P95 latency is above 50 ms',
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
