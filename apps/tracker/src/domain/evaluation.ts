import { nextEndMs } from '@moola/windows/bucket-time';
import { judgementDueMs, judgeVersions, publishServing } from './budgets/publish-budgets.js';
import type { ModelState } from './models/model-state.js';
import { eventsUntilJudged } from './quiet-series.js';
import { alertsDueMs, evaluateRules } from './rules/evaluate-rules.js';
import { segmentBucketMs } from './segments/watched-segments.js';
import type { Publisher } from './snapshots/publisher.js';
import { publishBreakdowns } from './snapshots/breakdown.js';
import { publishBuckets, publishCounts, publishWindows } from './snapshots/snapshots.js';

/** Whether nothing can have changed about the budgets, rules and alerts of a model. */
export function isQuiet(model: ModelState): boolean {
  return model.versionsByName().every((version) => version.eventsUntilJudged > 0);
}

/**
 * Brings one model to a tick: history first, then budgets (whose baselines rules use), rules, windows, counts. Says in
 * `record.dueMs` when the model is to be looked at again though nothing happens to it.
 * @param hasTurn what is new of its history, windows and counts is to be published
 */
export function evaluate(model: ModelState, tickMs: number, hasTurn: boolean, publisher: Publisher): void {
  const judged = !isQuiet(model);
  for (const version of model.versionsByName()) {
    version.advance(tickMs);
    if (hasTurn) publishBuckets(model, version, tickMs, publisher);
  }
  if (judged) judgeVersions(model, tickMs, publisher);
  if (hasTurn) publishServing(model, tickMs, publisher);
  if (judged) evaluateRules(model, tickMs, publisher);
  if (hasTurn) {
    publishWindows(model, tickMs, publisher);
    publishBreakdowns(model, tickMs, publisher);
    publishCounts(model, tickMs, publisher);
  }
  for (const version of model.versionsByName()) {
    if (judged) version.eventsUntilJudged = eventsUntilJudged(model, version, tickMs);
    if (!version.record.changed) continue;
    version.record.changed = false;
    version.unsaved = true;
  }
  model.record.evaluatedMs = tickMs;
  model.record.dueMs = nextDueMs(model, tickMs);
}

function nextDueMs(model: ModelState, tickMs: number): number | null {
  const { bucketMs } = model.watched.definition;
  let due = alertsDueMs(model);
  for (const version of model.versionsByName()) {
    due = Math.min(due, version.nextMoveMs(), judgementDueMs(model, version));
    if (version.record.unpublished) due = Math.min(due, nextEndMs(tickMs, bucketMs));
    if (version.record.breakdownDue) due = Math.min(due, nextEndMs(tickMs, segmentBucketMs(bucketMs)));
  }
  return due === Infinity ? null : Math.max(due, tickMs + 1);
}
