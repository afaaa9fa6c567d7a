import { create } from '@bufbuild/protobuf';
import {
  BucketSnapshotSchema,
  type Figure,
  type IngestionCounts,
  type WindowSnapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { endedBuckets } from '@moola/windows/bucket-time';
import { unitsPerMs } from '@moola/windows/history-bucket';
import { unitsPerUsd } from '@moola/metrics/accumulators/cost';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import { measure, metricsOf } from '@moola/metrics/catalogue';
import type { WindowView } from '../windows/window-view.js';
import { historyBucketMs } from '../windows/history.js';
import { figureOf } from './figure.js';
import type { Publisher } from './publisher.js';

/** Publishes the windows of every version that changed, when a bucket of the smallest tier has ended since the last time. */
export function publishWindows(model: ModelState, tickMs: number, publisher: Publisher): void {
  const ends = endedBuckets(tickMs, model.watched.definition.bucketMs);
  if (ends <= model.record.publishedEnds) return;
  for (const version of model.versionsByName()) {
    if (!version.record.unpublished) continue;
    let shorter: PublishedWindow | null = null;
    for (const windowMs of model.watched.windowsMs) {
      shorter = publishWindow(model, version, windowMs, shorter, tickMs, publisher);
    }
    version.record.unpublished = false;
    version.unsaved = true;
    model.record.publishedEnds = ends;
  }
}

/** A window with its figures, in the order of the model's metrics. */
interface PublishedWindow {
  readonly view: WindowView;
  readonly figures: readonly (Figure | null)[];
}

/** @param shorter the window before: what it holds alike is not measured again */
function publishWindow(
  model: ModelState,
  version: VersionState,
  windowMs: number,
  shorter: PublishedWindow | null,
  tickMs: number,
  publisher: Publisher,
): PublishedWindow {
  const view = version.view(windowMs);
  const { task, ruleMetrics } = model.watched;
  const metrics = publisher.published === 'rules' ? ruleMetrics : metricsOf(task);
  const known = shorter !== null && view.holdsTheSameAs(shorter.view) ? shorter.figures : none;
  const figures = metrics.map((metric, i) => {
    if (metric.needsBaseline && view.baseline === null) return null;
    const restsOnLength = metric.ofLength || metric.dependence === 'measured in the window';
    return (!restsOnLength && known[i]) || figureOf(model, version, view, metric, measure(metric, view));
  });
  const value: WindowSnapshot = {
    $typeName: 'moola.v1.WindowSnapshot',
    version: version.name,
    role: version.record.role,
    serving: model.isServing(version),
    windowMs,
    figures: figures.filter((figure) => figure !== null),
  };
  publisher.snapshot(tickMs, { case: 'window', value });
  return { view, figures };
}

const none: readonly null[] = [];

/** Publishes tumbling buckets that have ended, and those that have changed since, as their next revision. */
export function publishBuckets(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  version.publishBuckets(tickMs, model.historyKeptMs(tickMs), (role, bucket) => {
    version.unsaved = true;
    if (publisher.published === 'rules') return;
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
    publisher.snapshot(tickMs, { case: 'bucket', value });
  });
}

/** Publishes what came in, when that has changed. */
export function publishCounts(model: ModelState, tickMs: number, publisher: Publisher): void {
  if (!model.record.countsChanged) return;
  model.record.countsChanged = false;
  const value: IngestionCounts = { $typeName: 'moola.v1.IngestionCounts', ...model.record.counts };
  publisher.snapshot(tickMs, { case: 'counts', value });
}
