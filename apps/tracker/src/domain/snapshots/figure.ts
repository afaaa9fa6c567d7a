import type { Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { normalQuantile } from '@moola/statistics/normal';
import type { ModelState } from '../models/model-state.js';
import type { MeasuredPart } from '../windows/measured-part.js';
import type { Measured, Metric } from '@moola/metrics/metric';
import type { WindowView } from '../windows/window-view.js';
import { effectiveSamples, intervalOf } from '../windows/intervals.js';

/** Both sides together hold the truth with a confidence of 95 %. */
export const twoSided95 = normalQuantile(0.975);

/**
 * A figure as it is published: with its samples, and for a proportion with its interval.
 * @param part that was measured
 * @param z standard normal quantile of the interval
 */
export function figureOf(
  model: ModelState,
  part: MeasuredPart,
  view: WindowView,
  metric: Metric,
  measured: Measured,
  z: number = twoSided95,
): Figure {
  const figure: Figure = { $typeName: 'moola.v1.Figure', metric: metric.name, samples: measured.samples };
  if (measured.value !== undefined) figure.value = measured.value;
  if (metric.dependence === undefined || measured.value === undefined) return figure;
  const { windowMs } = view;
  const labels = part.labelTier(windowMs);
  const effective = effectiveSamples(metric, measured, { model: model.watched.definition, windowMs, labels });
  const interval = intervalOf(metric, view, measured, effective, z);
  if (effective === undefined || interval === null) return figure;
  figure.lower = interval.lower;
  figure.upper = interval.upper;
  figure.effectiveSamples = effective;
  return figure;
}
