import { nextEndMs } from '@moola/windows/bucket-time';
import { judgementDueMs, judgeVersions } from './budgets/publish-budgets.js';
import type { ModelState } from './models/model-state.js';
import { alertsDueMs, evaluateRules } from './rules/evaluate-rules.js';
import type { Publisher } from './snapshots/publisher.js';
import { publishBuckets, publishCounts, publishWindows } from './snapshots/snapshots.js';

/**
 * Brings one model to a tick: history first, then budgets (whose baselines rules use), rules, windows, counts. Says in
 * `record.dueMs` when the model is to be looked at again though nothing happens to it.
 */
export function evaluate(model: ModelState, tickMs: number, publisher: Publisher): void {
  for (const version of model.versionsByName()) {
    version.advance(tickMs);
    publishBuckets(version, tickMs, publisher);
  }
  judgeVersions(model, tickMs, publisher);
  evaluateRules(model, tickMs, publisher);
  publishWindows(model, tickMs, publisher);
  publishCounts(model, tickMs, publisher);
  for (const version of model.versionsByName()) {
    if (!version.record.changed) continue;
    version.record.changed = false;
    version.unsaved = true;
  }
  model.record.changed = false;
  model.record.dueMs = nextDueMs(model, tickMs);
}

function nextDueMs(model: ModelState, tickMs: number): number | null {
  let due = alertsDueMs(model);
  for (const version of model.versionsByName()) {
    due = Math.min(due, version.nextMoveMs(), judgementDueMs(model, version));
    if (version.record.unpublished) due = Math.min(due, nextEndMs(tickMs, model.watched.definition.bucketMs));
  }
  return due === Infinity ? null : Math.max(due, tickMs + 1);
}
