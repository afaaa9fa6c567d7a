import type { CountedModel } from '@moola/metrics/accumulator';
import { labelledPredictions } from '@moola/metrics/accumulators/label-coverage';
import type { AccumulatedBuckets } from '@moola/windows/accumulated-buckets';
import { noSeries, type Series } from './series.js';
import type { TrafficBuckets } from './window-store.js';

/** Counts a row in every window that holds its time. @returns whether there was a bucket for it */
export function countIn<Counted>(
  windows: Series<AccumulatedBuckets<Counted>>,
  series: number,
  timeMs: number,
  counted: Counted,
  model: CountedModel,
  tickMs: number,
): boolean {
  const count = windows.rowsOf(series, timeMs, tickMs);
  windows.buckets.count(windows.rows, count, counted, model);
  return count > 0;
}

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
