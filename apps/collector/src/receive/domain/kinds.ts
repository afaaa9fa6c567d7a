import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type {
  Deployment,
  InfrastructureSample,
  Outcome,
  Prediction,
  TrainingProgress,
} from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  finite,
  instant,
  invalid,
  known,
  map,
  name,
  number,
  requiredName,
  type Check,
  type TimeRange,
} from './checks.js';
import { featureLimits, most, segmentLimits } from './limits.js';

const roles = Role as unknown as Readonly<Record<string, string | number>>;

/** @param at path of the prediction: `prediction`, or `outcome.prediction`. */
export function checkPrediction(at: string, prediction: Prediction, range: TimeRange): Check {
  return (
    requiredName(`${at}.model`, prediction.model, most.name) ??
    requiredName(`${at}.version`, prediction.version, most.name) ??
    name(`${at}.build`, prediction.build, most.name) ??
    known(`${at}.role`, prediction.role, roles) ??
    requiredName(`${at}.input`, prediction.input, most.input) ??
    instant(`${at}.time`, prediction.time, range) ??
    name(`${at}.class`, prediction.class, most.name) ??
    finite(`${at}.value`, prediction.value) ??
    number(`${at}.score`, prediction.score, 0, 1) ??
    number(`${at}.latencyMs`, prediction.latencyMs, 0, Infinity) ??
    number(`${at}.costUsd`, prediction.costUsd, 0, Infinity) ??
    name(`${at}.error`, prediction.error, most.text) ??
    map(`${at}.segments`, prediction.segments, segmentLimits, (field, value) => name(field, value, most.name)) ??
    name(`${at}.experimentArm`, prediction.experimentArm, most.name) ??
    map(`${at}.features`, prediction.features, featureLimits, finite)
  );
}

export function checkOutcome(outcome: Outcome, range: TimeRange): Check {
  const problem =
    requiredName('outcome.model', outcome.model, most.name) ??
    requiredName('outcome.input', outcome.input, most.input) ??
    instant('outcome.knownAt', outcome.knownAt, range) ??
    name('outcome.truth', outcome.truth, most.name) ??
    finite('outcome.value', outcome.value);
  if (problem !== null) return problem;
  if (outcome.truth === '' && outcome.value === undefined) {
    return invalid(
      'outcome.truth',
      'is missing: give the true class, or the true value of a regression in outcome.value',
    );
  }
  const { prediction } = outcome;
  if (!prediction) return null;
  if (prediction.model !== outcome.model) return unlike('model', prediction.model, outcome.model);
  if (prediction.input !== outcome.input) return unlike('input', prediction.input, outcome.input);
  return checkPrediction('outcome.prediction', prediction, range);
}

function unlike(field: 'model' | 'input', found: string, expected: string): Check {
  return invalid(
    `outcome.prediction.${field}`,
    `is "${found}", the outcome's is "${expected}": leave it out, or make them equal`,
  );
}

export function checkDeployment(deployment: Deployment, range: TimeRange): Check {
  return (
    requiredName('deployment.model', deployment.model, most.name) ??
    requiredName('deployment.version', deployment.version, most.name) ??
    name('deployment.build', deployment.build, most.name) ??
    known('deployment.role', deployment.role, roles) ??
    instant('deployment.time', deployment.time, range) ??
    number('deployment.weight', deployment.weight, 0, 1) ??
    name('deployment.by', deployment.by, most.name) ??
    name('deployment.incident', deployment.incident, most.text)
  );
}

export function checkTrainingProgress(progress: TrainingProgress, range: TimeRange): Check {
  const problem =
    requiredName('trainingProgress.model', progress.model, most.name) ??
    requiredName('trainingProgress.job', progress.job, most.name) ??
    instant('trainingProgress.time', progress.time, range) ??
    finite('trainingProgress.loss', progress.loss) ??
    number('trainingProgress.memoryBytes', progress.memoryBytes, 0, Infinity);
  if (problem !== null || ['', 'saved', 'failed'].includes(progress.checkpoint)) return problem;
  return invalid('trainingProgress.checkpoint', 'is neither "saved" nor "failed" nor empty');
}

export function checkInfrastructureSample(sample: InfrastructureSample, range: TimeRange): Check {
  return (
    requiredName('infrastructureSample.model', sample.model, most.name) ??
    requiredName('infrastructureSample.instance', sample.instance, most.name) ??
    instant('infrastructureSample.time', sample.time, range) ??
    number('infrastructureSample.cpuRatio', sample.cpuRatio, 0, 1) ??
    number('infrastructureSample.memoryBytes', sample.memoryBytes, 0, Infinity) ??
    number('infrastructureSample.networkBytesPerSecond', sample.networkBytesPerSecond, 0, Infinity)
  );
}
