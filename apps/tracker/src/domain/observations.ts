import { timestampMs } from '@bufbuild/protobuf/wkt';
import { RefusalReason, type Refusal } from '@moola/contracts/gen/moola/v1/rows_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, PredictionRow } from '@moola/contracts/rows';
import { recordPrediction, type HistoryBucket } from '@moola/windows/history-bucket';
import { countLabel } from '@moola/windows/label-bucket';
import { countPrediction } from '@moola/windows/traffic-bucket';
import type { ModelState } from './models/model-state.js';
import { basis } from './windows/figures.js';

/** A prediction without a role was used: nobody runs a shadow without saying so. */
function roleOf(role: Role): Role {
  return role === Role.UNSPECIFIED ? Role.PRIMARY : role;
}

/** Counts a prediction in its windows and its history, by its own time. */
export function observePrediction(model: ModelState, row: PredictionRow, tickMs: number): void {
  const version = model.version(row.version);
  const role = roleOf(row.role);
  const failed = row.error === '' ? 0 : 1;
  const { record } = model;
  if (role === Role.PRIMARY && record.serving === null && !record.deployed) {
    record.serving = { version: row.version, sinceMs: row.timeMs };
  }
  const current = record.serving?.version === row.version ? Role.PRIMARY : role;
  if (current !== version.record.role) {
    version.record.role = current;
    version.change();
  }
  let held = false;
  for (const ring of version.trafficOf(role).rings) {
    const bucket = ring.change(row.timeMs, tickMs);
    if (bucket === null) continue;
    held = true;
    countPrediction(bucket, failed, row.latencyMs, row.costUsd);
    for (const sum of ring.sumsHolding(bucket.index)) countPrediction(sum, failed, row.latencyMs, row.costUsd);
  }
  const past = version.historyOf(role).change(row.timeMs, tickMs);
  if (past !== null) recordPrediction(past, failed, row.latencyMs, row.costUsd);
  record.counts.predictions++;
  if (!held || past === null) record.counts.beyondBuckets++;
  record.countsChanged = true;
  version.counted(basis.traffic, row.timeMs, tickMs);
}

/**
 * Counts a label: in the windows by when it became known, in the history by when it was predicted. A correction changes
 * the history alone: windows hold what became known first.
 */
export function observeLabel(model: ModelState, row: LabelledRow, tickMs: number): void {
  if (row.freshness === 'repeated') return;
  const version = model.version(row.version);
  const { record } = model;
  const past = version.historyOf(roleOf(row.role)).change(row.predictedAtMs, tickMs);
  const right = row.class === row.truth ? 1 : 0;
  let held = true;
  if (row.freshness === 'corrected') {
    if (past !== null) correct(past, right - (row.class === row.previousTruth ? 1 : 0));
  } else {
    if (past !== null) {
      past.labelled++;
      past.correct += right;
    }
    const { positiveClass } = model.watched.definition;
    held = false;
    for (const ring of version.labels.rings) {
      const bucket = ring.change(row.knownAtMs, tickMs);
      if (bucket === null) continue;
      held = true;
      countLabel(bucket, row.class, row.truth, positiveClass);
      for (const sum of ring.sumsHolding(bucket.index)) countLabel(sum, row.class, row.truth, positiveClass);
    }
    record.counts.labelled++;
    record.countsChanged = true;
  }
  if (!held || past === null) {
    record.counts.beyondBuckets++;
    record.countsChanged = true;
  }
  version.counted(basis.labels, row.knownAtMs, tickMs);
}

/** What a correction changes in a bucket; one whose label went with an older bucket cannot be taken from this one. */
function correct(past: HistoryBucket, change: number): void {
  past.correct = Math.max(0, Math.min(past.labelled, past.correct + change));
}

/** Follows what serves: the last deployment with role primary. One without a role is a new build in the role it has. */
export function observeDeployment(model: ModelState, deployment: Deployment, atMs: number): void {
  if (deployment.role === Role.UNSPECIFIED) return;
  const { record } = model;
  const version = model.version(deployment.version);
  const serves = record.serving?.version === deployment.version;
  version.record.role = serves ? Role.PRIMARY : deployment.role;
  version.change();
  if (deployment.role !== Role.PRIMARY) return;
  record.deployed = true;
  if (serves) return;
  model.serving?.change();
  record.serving = { version: deployment.version, sinceMs: atMs };
}

/** Counts what was durable and did not become an observation. */
export function observeRefusal(model: ModelState, refusal: Refusal): void {
  const { record } = model;
  record.countsChanged = true;
  switch (refusal.reason) {
    case RefusalReason.DUPLICATE:
      record.counts.duplicates++;
      return;
    case RefusalReason.ORPHAN:
      record.counts.orphans++;
      return;
    case RefusalReason.TOO_LATE:
      record.counts.tooLate++;
      return;
    case RefusalReason.UNSPECIFIED:
      return;
  }
}

/** When a deployment took effect; one that does not say, at the tick. */
export function deployedAtMs(deployment: Deployment, tickMs: number): number {
  return deployment.time ? timestampMs(deployment.time) : tickMs;
}
