import { create } from '@bufbuild/protobuf';
import {
  BucketSnapshotSchema,
  IngestionCountsSchema,
  WindowSnapshotSchema,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { endedBuckets } from '@moola/windows/bucket-time';
import { unitsPerMs } from '@moola/windows/history-bucket';
import { unitsPerUsd } from '@moola/windows/traffic-bucket';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import { trackerMetrics } from '../windows/figures.js';
import { historyBucketMs } from '../windows/history.js';
import { figureOf } from './figure.js';
import type { Publisher } from './publisher.js';

/** Publishes the windows of every version that changed, when a bucket of the smallest tier has ended since the last time. */
export function publishWindows(model: ModelState, tickMs: number, publisher: Publisher): void {
  const ends = endedBuckets(tickMs, model.watched.definition.bucketMs);
  if (ends <= model.record.publishedEnds) return;
  for (const version of model.versionsByName()) {
    if (!version.record.unpublished) continue;
    for (const windowMs of model.watched.windowsMs) publishWindow(model, version, windowMs, tickMs, publisher);
    version.record.unpublished = false;
    version.unsaved = true;
    model.record.publishedEnds = ends;
  }
}

function publishWindow(
  model: ModelState,
  version: VersionState,
  windowMs: number,
  tickMs: number,
  publisher: Publisher,
): void {
  const view = version.view(windowMs);
  const figures = [];
  for (const [metric, definition] of trackerMetrics) {
    if (definition.needsBaseline && view.baseline === null) continue;
    figures.push(figureOf(model, version, windowMs, metric, definition.measure(view)));
  }
  const value = create(WindowSnapshotSchema, {
    version: version.name,
    role: version.record.role,
    serving: model.record.serving?.version === version.name,
    windowMs,
    figures,
  });
  publisher.snapshot(tickMs, { case: 'window', value });
}

/** Publishes tumbling buckets that have ended, and those that have changed since, as their next revision. */
export function publishBuckets(version: VersionState, tickMs: number, publisher: Publisher): void {
  for (const [role, history] of version.historiesByRole()) {
    for (const bucket of history.publish(tickMs)) {
      const value = create(BucketSnapshotSchema, {
        version: version.name,
        role,
        startMs: bucket.index * historyBucketMs,
        lengthMs: historyBucketMs,
        revision: bucket.revision,
        life: publisher.life,
        predictions: bucket.predictions,
        errors: bucket.errors,
        labelled: bucket.labelled,
        correct: bucket.correct,
        costUsd: bucket.costUnits / unitsPerUsd,
        latencySumMs: bucket.latencyUnits / unitsPerMs,
        latencyCount: bucket.latencyCount,
      });
      version.unsaved = true;
      publisher.snapshot(tickMs, { case: 'bucket', value });
    }
  }
}

/** Publishes what came in, when that has changed. */
export function publishCounts(model: ModelState, tickMs: number, publisher: Publisher): void {
  if (!model.record.countsChanged) return;
  model.record.countsChanged = false;
  publisher.snapshot(tickMs, { case: 'counts', value: create(IngestionCountsSchema, model.record.counts) });
}
