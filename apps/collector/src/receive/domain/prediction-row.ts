import type { Prediction } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { millisOf } from './instants.js';

/** A validated prediction as a row. A prediction that names no role was used: it is primary. */
export function predictionRow(id: string, source: string, prediction: Prediction): PredictionRow {
  return {
    kind: 'prediction',
    id,
    source,
    model: prediction.model,
    version: prediction.version,
    build: prediction.build,
    role: prediction.role === Role.UNSPECIFIED ? Role.PRIMARY : prediction.role,
    input: prediction.input,
    timeMs: millisOf(prediction.time),
    class: prediction.class,
    value: prediction.value ?? NaN,
    score: prediction.score ?? NaN,
    latencyMs: prediction.latencyMs ?? NaN,
    costUsd: prediction.costUsd ?? NaN,
    error: prediction.error,
    segments: prediction.segments,
    arm: prediction.experimentArm,
    features: prediction.features,
  };
}
