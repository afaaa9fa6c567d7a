import type { Bucket, BucketKind } from './bucket-kind.js';
import { unitsPerUsd } from './traffic-bucket.js';

/** Latencies are summed in whole nanoseconds: exact in any order, up to 104 days a bucket. */
export const unitsPerMs = 1e6;

/** A tumbling bucket by prediction time: what was answered in it, and what has become known of that since. */
export interface HistoryBucket extends Bucket {
  predictions: number;
  errors: number;
  labelled: number;
  correct: number;
  costUnits: number;
  latencyUnits: number;
  latencyCount: number;
  /** How often it has been published; a change after that is the next revision. */
  revision: number;
  /** 1 when something is not published yet. */
  unpublished: 0 | 1;
}

/** @param latencyMs `NaN` where absent, as `costUsd` */
export function recordPrediction(into: HistoryBucket, failed: 0 | 1, latencyMs: number, costUsd: number): void {
  into.predictions++;
  into.errors += failed;
  if (latencyMs >= 0 && latencyMs < Infinity) {
    into.latencyCount++;
    into.latencyUnits += Math.round(latencyMs * unitsPerMs);
  }
  if (costUsd >= 0 && costUsd < Infinity) into.costUnits += Math.round(costUsd * unitsPerUsd);
}

function create(index: number): HistoryBucket {
  return {
    index,
    predictions: 0,
    errors: 0,
    labelled: 0,
    correct: 0,
    costUnits: 0,
    latencyUnits: 0,
    latencyCount: 0,
    revision: 0,
    unpublished: 0,
  };
}

export const historyBuckets: BucketKind<HistoryBucket> = {
  create,
  empty: create(0),
  add(total, bucket) {
    total.predictions += bucket.predictions;
    total.errors += bucket.errors;
    total.labelled += bucket.labelled;
    total.correct += bucket.correct;
    total.costUnits += bucket.costUnits;
    total.latencyUnits += bucket.latencyUnits;
    total.latencyCount += bucket.latencyCount;
    total.revision = Math.max(total.revision, bucket.revision);
    if (bucket.unpublished === 1) total.unpublished = 1;
  },
  subtract(total, bucket) {
    total.predictions -= bucket.predictions;
    total.errors -= bucket.errors;
    total.labelled -= bucket.labelled;
    total.correct -= bucket.correct;
    total.costUnits -= bucket.costUnits;
    total.latencyUnits -= bucket.latencyUnits;
    total.latencyCount -= bucket.latencyCount;
  },
  write(bucket, writer) {
    writer.number(bucket.predictions);
    writer.number(bucket.errors);
    writer.number(bucket.labelled);
    writer.number(bucket.correct);
    writer.number(bucket.costUnits);
    writer.number(bucket.latencyUnits);
    writer.number(bucket.latencyCount);
    writer.number(bucket.revision);
    writer.number(bucket.unpublished);
  },
  read: (index, reader) => ({
    index,
    predictions: reader.number(),
    errors: reader.number(),
    labelled: reader.number(),
    correct: reader.number(),
    costUnits: reader.number(),
    latencyUnits: reader.number(),
    latencyCount: reader.number(),
    revision: reader.number(),
    unpublished: reader.number() === 0 ? 0 : 1,
  }),
};
