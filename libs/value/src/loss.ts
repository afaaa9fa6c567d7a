import type { ValueModel } from './value-model.js';

/** A model that serves below its limit. */
export interface Shortfall {
  readonly accuracy: number;
  /** The least accuracy that its budget allows. */
  readonly limit: number;
  /** Predictions whose answer was used, a minute. */
  readonly servedPerMinute: number;
}

/** What it earns less a minute than at its limit, US dollars; not negative. A projection. */
export function lossPerMinuteUsd({ accuracy, limit, servedPerMinute }: Shortfall, model: ValueModel): number {
  return Math.max(0, limit - accuracy) * servedPerMinute * model.valuePerPredictionUsd;
}
