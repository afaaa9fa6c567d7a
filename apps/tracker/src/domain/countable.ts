import type { PredictionRow } from '@moola/contracts/rows';
import type { NumberLimits } from '@moola/contracts/number-limits';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';

/**
 * Why a prediction cannot be counted; `null`: it can. A door refuses such numbers: this one was taken in by a version that
 * did not.
 */
export function uncountable({ latencyMs, costUsd }: PredictionRow): string | null {
  const { prediction } = numberLimits;
  return beyond('latencyMs', latencyMs, prediction.latencyMs) ?? beyond('costUsd', costUsd, prediction.costUsd);
}

function beyond(field: string, value: number, limits: NumberLimits): string | null {
  if (isWithin(value, limits)) return null;
  return `prediction.${field} is ${value}: it must be from ${limits.least} to ${limits.most}${limits.unit}`;
}
