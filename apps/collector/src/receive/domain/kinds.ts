import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type {
  Deployment,
  InfrastructureSample,
  Outcome,
  Prediction,
  TrainingProgress,
} from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { numberLimits } from '@moola/contracts/telemetry-numbers';
import {
  hiddenNumber,
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
import { roleWords } from './role-words.js';

const roles = Role as unknown as Readonly<Record<string, string | number>>;

const { prediction: ofPrediction, infrastructureSample: ofSample, trainingProgress: ofTraining } = numberLimits;

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
    number(`${at}.value`, prediction.value, ofPrediction.value) ??
    number(`${at}.score`, prediction.score, ofPrediction.score) ??
    number(`${at}.latencyMs`, prediction.latencyMs, ofPrediction.latencyMs) ??
    number(`${at}.costUsd`, prediction.costUsd, ofPrediction.costUsd) ??
    name(`${at}.error`, prediction.error, most.text) ??
    map(`${at}.segments`, prediction.segments, segmentLimits, (field, value) => name(field, value, most.name)) ??
    name(`${at}.experimentArm`, prediction.experimentArm, most.name) ??
    map(`${at}.features`, prediction.features, featureLimits, (field, value) =>
      hiddenNumber(field, value, ofPrediction.features),
    )
  );
}

export function checkOutcome(outcome: Outcome, range: TimeRange): Check {
  const problem =
    requiredName('outcome.model', outcome.model, most.name, 'churn') ??
    requiredName('outcome.input', outcome.input, most.input, 'order-1') ??
    instant('outcome.knownAt', outcome.knownAt, range) ??
    name('outcome.truth', outcome.truth, most.name) ??
    number('outcome.value', outcome.value, numberLimits.outcome.value);
  if (problem !== null) return problem;
  if (outcome.truth === '' && outcome.value === undefined) {
    return invalid(
      'outcome.truth',
      'is missing: give the true class, or the true value of a regression in outcome.value',
    );
  }
  const { prediction } = outcome;
  if (!prediction) return null;
  if (prediction.model !== outcome.model) return unlike('model');
  if (prediction.input !== outcome.input) return unlike('input');
  return checkPrediction('outcome.prediction', prediction, range);
}

/** Shows neither: an input may point at a person. */
function unlike(field: 'model' | 'input'): Check {
  return invalid(`outcome.prediction.${field}`, `is another than outcome.${field}: leave it out, or make them equal`);
}

export function checkDeployment(deployment: Deployment, range: TimeRange): Check {
  return (
    requiredName('deployment.model', deployment.model, most.name, 'churn') ??
    requiredName('deployment.version', deployment.version, most.name, 'v7') ??
    name('deployment.build', deployment.build, most.name) ??
    known('deployment.role', deployment.role, roles, roleWords) ??
    instant('deployment.time', deployment.time, range) ??
    number('deployment.weight', deployment.weight, numberLimits.deployment.weight) ??
    name('deployment.by', deployment.by, most.name) ??
    name('deployment.incident', deployment.incident, most.text)
  );
}

export function checkTrainingProgress(progress: TrainingProgress, range: TimeRange): Check {
  const problem =
    requiredName('trainingProgress.model', progress.model, most.name, 'churn') ??
    requiredName('trainingProgress.job', progress.job, most.name, 'fit-2026-01-31') ??
    instant('trainingProgress.time', progress.time, range) ??
    number('trainingProgress.step', Number(progress.step), ofTraining.step) ??
    number('trainingProgress.loss', progress.loss, ofTraining.loss) ??
    number('trainingProgress.totalSteps', optionalNumber(progress.totalSteps), ofTraining.totalSteps) ??
    number('trainingProgress.memoryBytes', progress.memoryBytes, ofTraining.memoryBytes) ??
    number('trainingProgress.memoryLimitBytes', progress.memoryLimitBytes, ofTraining.memoryLimitBytes);
  if (problem !== null) return problem;
  if (!['', 'saved', 'failed'].includes(progress.checkpoint))
    return invalid('trainingProgress.checkpoint', 'is unknown: "saved", "failed", or the field left out, is expected');
  if (['', 'running', 'finished', 'failed'].includes(progress.state)) return null;
  return invalid('trainingProgress.state', 'is unknown: "running", "finished" or "failed" is expected');
}

export function checkInfrastructureSample(sample: InfrastructureSample, range: TimeRange): Check {
  return (
    requiredName('infrastructureSample.model', sample.model, most.name, 'churn') ??
    requiredName('infrastructureSample.instance', sample.instance, most.name, 'pod-1') ??
    instant('infrastructureSample.time', sample.time, range) ??
    number('infrastructureSample.cpuRatio', sample.cpuRatio, ofSample.cpuRatio) ??
    number('infrastructureSample.memoryBytes', sample.memoryBytes, ofSample.memoryBytes) ??
    number(
      'infrastructureSample.networkBytesPerSecond',
      sample.networkBytesPerSecond,
      ofSample.networkBytesPerSecond,
    ) ??
    number('infrastructureSample.memoryLimitBytes', sample.memoryLimitBytes, ofSample.memoryLimitBytes) ??
    number('infrastructureSample.memoryRatio', sample.memoryRatio, ofSample.memoryRatio) ??
    number('infrastructureSample.gpuRatio', sample.gpuRatio, ofSample.gpuRatio) ??
    number('infrastructureSample.gpuMemoryRatio', sample.gpuMemoryRatio, ofSample.gpuMemoryRatio) ??
    number('infrastructureSample.diskRatio', sample.diskRatio, ofSample.diskRatio)
  );
}

function optionalNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
