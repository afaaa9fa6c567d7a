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

export function valueModelOf(definition: ValueDefinition): ValueModel {
  const { valuePerPredictionUsd, predictionsPerDay, infrastructureCostPerDayUsd, modelCostPerDayUsd } = definition;
  return { valuePerPredictionUsd, predictionsPerDay, infrastructureCostPerDayUsd, modelCostPerDayUsd };
}
