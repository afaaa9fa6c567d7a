import { eventKinds } from '@moola/contracts/event-kinds';
import type { Prediction } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  hiddenNumber,
  instant,
  known,
  map,
  name,
  number,
  requiredName,
  type Check,
  type TimeRange,
} from '../checks.js';
import { featureLimits, most, segmentLimits } from '../limits.js';
import { roles, roleWords } from '../role-words.js';

const limits = eventKinds.prediction.numbers;

/** @param at path of the prediction: `prediction`, or `outcome.prediction`. */
export function checkPrediction(at: string, prediction: Prediction, range: TimeRange): Check {
  return (
    requiredName(`${at}.model`, prediction.model, most.name, 'churn') ??
    requiredName(`${at}.version`, prediction.version, most.name, 'v7') ??
    name(`${at}.build`, prediction.build, most.name) ??
    known(`${at}.role`, prediction.role, roles, roleWords) ??
    requiredName(`${at}.input`, prediction.input, most.input, 'order-1') ??
    instant(`${at}.time`, prediction.time, range) ??
    name(`${at}.class`, prediction.class, most.name) ??
    number(`${at}.value`, prediction.value, limits.value) ??
    number(`${at}.score`, prediction.score, limits.score) ??
    number(`${at}.latencyMs`, prediction.latencyMs, limits.latencyMs) ??
    number(`${at}.costUsd`, prediction.costUsd, limits.costUsd) ??
    name(`${at}.error`, prediction.error, most.text) ??
    map(`${at}.segments`, prediction.segments, segmentLimits, (field, value) => name(field, value, most.name)) ??
    name(`${at}.experimentArm`, prediction.experimentArm, most.name) ??
    map(`${at}.features`, prediction.features, featureLimits, (field, value) =>
      hiddenNumber(field, value, limits.features),
    )
  );
}
