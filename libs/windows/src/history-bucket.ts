import { BucketStore } from './bucket-store.js';
import { unitsPerUsd } from './traffic-bucket.js';

/** Latencies are summed in whole nanoseconds: exact in any order, up to 104 days a bucket. */
export const unitsPerMs = 1e6;

/** Tumbling buckets by prediction time: what was answered in one, and what has become known of that since. */
export type HistoryBuckets = BucketStore<'no sketch'>;

const sums = {
  predictions: 1,
  errors: 2,
  labelled: 3,
  correct: 4,
  costUnits: 5,
  latencyUnits: 6,
  latencyCount: 7,
} as const;

const marks = {
  /** How often it has been published; a change after that is the next revision. */
  revision: 8,
  /** 1 when something is not published yet. */
  unpublished: 9,
} as const;

const unsaved = {
  /** The row of the next bucket of its series that is not published yet. */
  nextUnpublished: 10,
} as const;

/** Numbers of a history bucket. */
export const history = { ...sums, ...marks, ...unsaved } as const;

/** A history bucket as it is published. */
export type HistoryBucket = Readonly<Record<'index' | keyof typeof sums | 'revision', number>>;

export function historyBuckets(): HistoryBuckets {
  return BucketStore.plain({ sums: Object.keys(sums), marks: Object.keys(marks), unsaved: Object.keys(unsaved) });
}

export function historyBucketAt(buckets: HistoryBuckets, row: number): HistoryBucket {
  return {
    index: buckets.indexOf(row),
    predictions: buckets.get(row, history.predictions),
    errors: buckets.get(row, history.errors),
    labelled: buckets.get(row, history.labelled),
    correct: buckets.get(row, history.correct),
    costUnits: buckets.get(row, history.costUnits),
    latencyUnits: buckets.get(row, history.latencyUnits),
    latencyCount: buckets.get(row, history.latencyCount),
    revision: buckets.get(row, history.revision),
  };
}

/** @param latencyMs `NaN` where absent, as `costUsd` */
export function recordPrediction(
  into: HistoryBuckets,
  row: number,
  failed: 0 | 1,
  latencyMs: number,
  costUsd: number,
): void {
  const { values } = into.rows;
  values[row + history.predictions]!++;
  values[row + history.errors]! += failed;
  if (latencyMs >= 0 && latencyMs < Infinity) {
    values[row + history.latencyCount]!++;
    values[row + history.latencyUnits]! += Math.round(latencyMs * unitsPerMs);
  }
  if (costUsd >= 0 && costUsd < Infinity) values[row + history.costUnits]! += Math.round(costUsd * unitsPerUsd);
}

/** @param right 1 when the answer was the truth, else 0 */
export function recordLabel(into: HistoryBuckets, row: number, right: 0 | 1): void {
  const { values } = into.rows;
  values[row + history.labelled]!++;
  values[row + history.correct]! += right;
}

/**
 * Records that a label was another than it seemed; one whose first label went with an older bucket cannot be taken from
 * this one.
 */
export function recordCorrection(into: HistoryBuckets, row: number, change: number): void {
  const { values } = into.rows;
  const labelled = values[row + history.labelled]!;
  values[row + history.correct] = Math.max(0, Math.min(labelled, values[row + history.correct]! + change));
}
