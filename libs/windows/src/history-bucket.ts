import { unitsPerUsd } from '@moola/metrics/accumulators/cost';
import { BucketStore } from './bucket-store.js';

/** Latencies are summed in whole nanoseconds: exact in any order, of any number of predictions. */
export const unitsPerMs = 1e6;

/** Tumbling buckets by prediction time: what was answered in one, and what has become known of that since. */
export type HistoryBuckets = BucketStore;

const sums = {
  predictions: 1,
  errors: 2,
  labelled: 3,
  correct: 4,
  latencyCount: 5,
} as const;

/** Read with `getWide`. Their high words follow: 8 and 9. */
const wide = { costUnits: 6, latencyUnits: 7 } as const;

const marks = {
  /** How often it has been published; a change after that is the next revision. */
  revision: 10,
  /** 1 when something is not published yet. */
  unpublished: 11,
} as const;

const unsaved = {
  /** The row of the next bucket of its series that is not published yet. */
  nextUnpublished: 12,
} as const;

/** Numbers of a history bucket. */
export const history = { ...sums, ...wide, ...marks, ...unsaved } as const;

const { predictions, errors, labelled, correct, costUnits, latencyUnits, latencyCount } = history;
const inFormat2 = [
  ...[predictions, errors, labelled, correct, costUnits, latencyUnits, latencyCount],
  ...[history.revision, history.unpublished],
];

/** A history bucket as it is published. */
export type HistoryBucket = Readonly<Record<'index' | keyof typeof sums | keyof typeof wide | 'revision', number>>;

export function historyBuckets(): HistoryBuckets {
  const names = { shape: 0, sums: Object.keys(sums), wide: Object.keys(wide), marks: Object.keys(marks) };
  return new BucketStore({ ...names, unsaved: Object.keys(unsaved), inFormat2 });
}

export function historyBucketAt(buckets: HistoryBuckets, row: number): HistoryBucket {
  return {
    index: buckets.indexOf(row),
    predictions: buckets.get(row, history.predictions),
    errors: buckets.get(row, history.errors),
    labelled: buckets.get(row, history.labelled),
    correct: buckets.get(row, history.correct),
    costUnits: buckets.getWide(row, history.costUnits),
    latencyUnits: buckets.getWide(row, history.latencyUnits),
    latencyCount: buckets.get(row, history.latencyCount),
    revision: buckets.get(row, history.revision),
  };
}

/** @param latencyMs `NaN` where absent, as `costUsd`; both within the limits of `telemetry-numbers.ts` */
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
    into.addWide(row, history.latencyUnits, Math.round(latencyMs * unitsPerMs));
  }
  if (costUsd >= 0 && costUsd < Infinity) into.addWide(row, history.costUnits, Math.round(costUsd * unitsPerUsd));
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
