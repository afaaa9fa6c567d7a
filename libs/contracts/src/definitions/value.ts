import type { z } from 'zod';
import type { ValueDefinition } from '../gen/moola/v1/definitions_pb.js';
import { modelPattern, number, section, text } from './fields.js';
import type { MessageInit } from './message-init.js';

/** Their products stay far from what a number cannot hold. */
const dollars = { least: 0, most: 1e9 };
const predictions = { least: 0, most: 1e12 };

/** `kind: Value`. */
export const valueSchema = section({
  name: text({ doc: 'The model.' }, modelPattern),
  valuePerPrediction: number({ doc: 'What a correct answer is worth.', unit: 'USD' }, dollars).default(0.05),
  predictionsPerDay: number({ doc: 'For projections.', unit: 'predictions a day' }, predictions).default(10_000),
  infrastructureCostPerDay: number({ doc: 'What its infrastructure costs.', unit: 'USD a day' }, dollars).default(0),
  modelCostPerDay: number({ doc: 'What the model itself costs.', unit: 'USD a day' }, dollars).default(0),
});

export type ValueDocument = z.output<typeof valueSchema>;

export function valueDefinition(document: ValueDocument): MessageInit<ValueDefinition> {
  return {
    valuePerPredictionUsd: document.valuePerPrediction,
    predictionsPerDay: document.predictionsPerDay,
    infrastructureCostPerDayUsd: document.infrastructureCostPerDay,
    modelCostPerDayUsd: document.modelCostPerDay,
  };
}
