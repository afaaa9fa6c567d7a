import { valueSchema } from '@moola/contracts/definitions/value';
import type { ValueDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What the answers of a model are worth and what it costs, US dollars. */
export interface ValueModel {
  /** What one correct answer is worth. */
  readonly valuePerPredictionUsd: number;
  /** For projections. */
  readonly predictionsPerDay: number;
  readonly infrastructureCostPerDayUsd: number;
  readonly modelCostPerDayUsd: number;
}

const defaults = valueSchema.parse({ name: 'undeclared' });

/** Of a model for which nobody declared any: 10,000 predictions a day at $0.05, no costs. */
export const defaultValueModel: ValueModel = {
  valuePerPredictionUsd: defaults.valuePerPrediction,
  predictionsPerDay: defaults.predictionsPerDay,
  infrastructureCostPerDayUsd: defaults.infrastructureCostPerDay,
  modelCostPerDayUsd: defaults.modelCostPerDay,
};

export function valueModelOf(definition: ValueDefinition): ValueModel {
  const { valuePerPredictionUsd, predictionsPerDay, infrastructureCostPerDayUsd, modelCostPerDayUsd } = definition;
  return { valuePerPredictionUsd, predictionsPerDay, infrastructureCostPerDayUsd, modelCostPerDayUsd };
}
