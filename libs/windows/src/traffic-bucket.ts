import { BucketStore } from './bucket-store.js';
import type { SketchCells } from './sketch-cells.js';

/** Money is summed in whole billionths of a dollar: exact in any order, of any number of predictions. */
export const unitsPerUsd = 1e9;

/** What was answered in a bucket, by prediction time. Its sketch holds latencies in milliseconds, where one is stated. */
export type TrafficBuckets = BucketStore<'sketch'>;

const sums = { predictions: 1, errors: 2, priced: 3 } as const;
const wide = { costUnits: 4 } as const;

/** Numbers of a traffic bucket. `priced` counts predictions whose cost is known, `costUnits` sums it (`getWide`). */
export const traffic = { ...sums, ...wide } as const;

export function trafficBuckets(cells: SketchCells): TrafficBuckets {
  return BucketStore.withSketch({ sums: Object.keys(sums), wide: Object.keys(wide) }, cells);
}

/**
 * Counts one prediction: into its bucket and into every sum that holds the bucket.
 * @param latencyMs `NaN` where absent, as `costUsd`; both within the limits of `telemetry-numbers.ts`
 */
export function countPrediction(
  into: TrafficBuckets,
  row: number,
  failed: 0 | 1,
  latencyMs: number,
  costUsd: number,
): void {
  const { values } = into.rows;
  values[row + traffic.predictions]!++;
  values[row + traffic.errors]! += failed;
  if (costUsd >= 0 && costUsd < Infinity) {
    values[row + traffic.priced]!++;
    into.addTo(row, traffic.costUnits, Math.round(costUsd * unitsPerUsd));
  }
  if (latencyMs >= 0) into.sketches.add(row, latencyMs);
}
