import { labelledPredictions } from '@moola/metrics/accumulators/label-coverage';
import { noSeries, type Series } from './series.js';
import type { TrafficBuckets } from './window-store.js';

/** Counts that a prediction has its label, in every window that holds the prediction. */
export function countLabelled(
  traffic: Series<TrafficBuckets>,
  series: number,
  predictedAtMs: number,
  tickMs: number,
): void {
  if (series === noSeries) return;
  const count = traffic.rowsOf(series, predictedAtMs, tickMs);
  traffic.buckets.increment(traffic.rows, count, labelledPredictions);
}
