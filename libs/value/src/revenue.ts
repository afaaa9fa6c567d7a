import type { ValueModel } from './value-model.js';

/** What `correct` answers earned, US dollars. */
export function earnedUsd(correct: number, { valuePerPredictionUsd }: ValueModel): number {
  return correct * valuePerPredictionUsd;
}

/** Daily revenue as a projection, US dollars: accuracy × predictions a day × value of a prediction. */
export function projectedPerDayUsd(accuracy: number, model: ValueModel): number {
  return accuracy * model.predictionsPerDay * model.valuePerPredictionUsd;
}

/**
 * Net revenue impact ÷ (infrastructure cost + model cost), of a day: 0 earns what it costs, below 0 less.
 *
 * @returns `null` for a model without costs.
 */
export function efficiencyScore(revenuePerDayUsd: number, model: ValueModel): number | null {
  const costPerDayUsd = model.infrastructureCostPerDayUsd + model.modelCostPerDayUsd;
  return costPerDayUsd > 0 ? (revenuePerDayUsd - costPerDayUsd) / costPerDayUsd : null;
}
