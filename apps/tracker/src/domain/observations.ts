import { timestampMs } from '@bufbuild/protobuf/wkt';
import { plainLabelled } from '@moola/contracts/columns/labelled';
import { isEmpty } from '@moola/contracts/columns/segments';
import { RefusalReason, type Refusal } from '@moola/contracts/gen/moola/v1/rows_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, PredictionRow } from '@moola/contracts/rows';
import { basis } from '@moola/metrics/metric';
import { isOfTask } from '@moola/metrics/task-type';
import { emptyBucket } from '@moola/windows/bucket-store';
import { recordCorrection, recordLabel, recordPrediction } from '@moola/windows/history-bucket';
import type { ModelState } from './models/model-state.js';
import { countIn, countLabelled } from './windows/count-in.js';

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
  const held = countIn(version.windows.traffic, version.trafficOf(role), row.timeMs, row, model, tickMs);
  const { histories } = version;
  const history = version.historyOf(role);
  histories.keepFor(history, model.historyKeptMs(tickMs));
  const past = histories.change(history, row.timeMs, tickMs);
  if (past !== emptyBucket) recordPrediction(histories.buckets, past, failed, row.latencyMs, row.costUsd);
  record.counts.predictions++;
  if (!held || past === emptyBucket) record.counts.beyondBuckets++;
  record.countsChanged = true;
  for (const segment of model.segments.of(row.segments)) {
    version.segments.of(segment).countPrediction(row, row.timeMs, model, tickMs);
  }
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
  const { histories } = version;
  const history = version.historyOf(roleOf(row.role));
  histories.keepFor(history, model.historyKeptMs(tickMs));
  const past = histories.change(history, row.predictedAtMs, tickMs);
  const right = row.class !== '' && row.class === row.truth ? 1 : 0;
  let held = true;
  if (row.freshness === 'corrected') {
    const before = row.class === row.previousTruth ? 1 : 0;
    if (past !== emptyBucket) recordCorrection(histories.buckets, past, right - before);
  } else if (!isOfTask(model.watched.task, row)) {
    record.counts.labelsOfOtherTask++;
    record.countsChanged = true;
  } else {
    if (past !== emptyBucket) recordLabel(histories.buckets, past, right);
    const { windows } = version;
    held = countIn(windows.labels, version.labelsOf('labels'), row.knownAtMs, row, model, tickMs);
    const scored = windows.scores.buckets.holdsSums ? scoredLabel(model, row) : null;
    if (scored !== null) countIn(windows.scores, version.labelsOf('scores'), row.knownAtMs, scored, model, tickMs);
    countLabelled(windows.traffic, version.trafficIn(roleOf(row.role)), row.predictedAtMs, tickMs);
    for (const segment of model.segments.of(row.segments)) {
      const counted = version.segments.of(segment);
      counted.countLabelled(row.predictedAtMs, tickMs);
      counted.countLabel('labels', row, row.knownAtMs, model, tickMs);
      if (scored !== null) counted.countLabel('scores', scored, row.knownAtMs, model, tickMs);
    }
    record.counts.labelled++;
    record.countsChanged = true;
  }
  if (!held || past === emptyBucket) {
    record.counts.beyondBuckets++;
    record.countsChanged = true;
  }
  version.counted(basis.both, row.knownAtMs, tickMs);
}

/** The label with its score: one that the prediction does not state follows from its probabilities. `null` where there is none. */
function scoredLabel({ task, positiveClass }: ModelState, row: LabelledRow): LabelledRow | null {
  if (!Number.isNaN(row.score)) return row;
  const { probabilities } = row;
  if (isEmpty(probabilities)) return null;
  const of = task === 'binary' ? positiveClass : row.class;
  // A class that is left out has the probability 0.
  return { ...plainLabelled(row), score: Object.hasOwn(probabilities, of) ? (probabilities[of] as number) : 0 };
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

/** Counts an outcome that labelled nothing when it came. */
export function observeUnmatched({ record }: ModelState): void {
  record.counts.outcomesUnmatched++;
  record.countsChanged = true;
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
