import type { Bucket, BucketKind } from './bucket-kind.js';
import { QuantileSketch } from './quantile-sketch.js';

/** Money is summed in whole billionths of a dollar: exact in any order, up to nine million dollars a bucket or window. */
export const unitsPerUsd = 1e9;

/** What was answered in a bucket, by prediction time. */
export interface TrafficCounts {
  predictions: number;
  errors: number;
  /** Predictions whose cost is known, and the sum of it in billionths of a dollar. */
  priced: number;
  costUnits: number;
  /** Latencies in milliseconds, of the predictions that state one. */
  readonly latencies: QuantileSketch;
}

export interface TrafficBucket extends Bucket, TrafficCounts {}

/**
 * Counts one prediction: into its bucket and into every sum that holds the bucket.
 * @param latencyMs `NaN` where absent, as `costUsd`
 */
export function countPrediction(into: TrafficCounts, failed: 0 | 1, latencyMs: number, costUsd: number): void {
  into.predictions++;
  into.errors += failed;
  if (latencyMs >= 0) into.latencies.add(latencyMs);
  if (costUsd >= 0 && costUsd < Infinity) {
    into.priced++;
    into.costUnits += Math.round(costUsd * unitsPerUsd);
  }
}

function create(index: number): TrafficBucket {
  return {
    index,
    predictions: 0,
    errors: 0,
    priced: 0,
    costUnits: 0,
    latencies: new QuantileSketch(),
  };
}

export const trafficBuckets: BucketKind<TrafficBucket> = {
  create,
  empty: create(0),
  add(total, bucket) {
    total.predictions += bucket.predictions;
    total.errors += bucket.errors;
    total.priced += bucket.priced;
    total.costUnits += bucket.costUnits;
    total.latencies.merge(bucket.latencies);
  },
  subtract(total, bucket) {
    total.predictions -= bucket.predictions;
    total.errors -= bucket.errors;
    total.priced -= bucket.priced;
    total.costUnits -= bucket.costUnits;
    total.latencies.subtract(bucket.latencies);
  },
  write(bucket, writer) {
    writer.number(bucket.predictions);
    writer.number(bucket.errors);
    writer.number(bucket.priced);
    writer.number(bucket.costUnits);
    bucket.latencies.write(writer);
  },
  read: (index, reader) => ({
    index,
    predictions: reader.number(),
    errors: reader.number(),
    priced: reader.number(),
    costUnits: reader.number(),
    latencies: QuantileSketch.read(reader),
  }),
};
