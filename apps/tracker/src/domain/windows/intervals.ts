import type { ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { designEffect, type AnswerBucket } from '@moola/statistics/design-effect';
import { meanInterval } from '@moola/statistics/mean-interval';
import { wilsonInterval, type Interval } from '@moola/statistics/wilson';
import { bucketsOf } from '@moola/windows/tiers';
import { labels as labelCount } from '@moola/metrics/accumulators/labels';
import { right } from '@moola/metrics/accumulators/right-answers';
import type { Measured, Metric, WindowFigures } from '@moola/metrics/metric';
import { noSeries } from './series.js';
import { placeOf, type WindowLayout } from './window-store.js';

/** The answers of a version in one tier. */
export interface LabelTier {
  readonly lengthMs: number;
  /** The buckets among the last `count`, up to the open one, in which something happened, by time. */
  latest(count: number): AnswerBucket[];
}

/** @param series of labels in a layout */
export function labelTierOf(windows: WindowLayout, series: number, windowMs: number): LabelTier {
  const { rings, buckets } = windows.labels;
  const tier = rings[placeOf(windows, windowMs).tier]!;
  return {
    lengthMs: tier.lengthMs,
    latest: (count) => {
      if (series === noSeries) return [];
      const [sum, labels] = [buckets.placeOf(right), buckets.placeOf(labelCount)];
      return tier.latest(tier.of(series), count).map((bucket) => ({
        at: buckets.indexOf(bucket),
        sum: buckets.get(bucket, sum),
        count: buckets.get(bucket, labels),
      }));
    },
  };
}

/** What the interval of a figure rests on beside the figure. */
export interface IntervalContext {
  readonly model: ModelDefinition;
  readonly windowMs: number;
  /** The tier that serves the window, brought to the tick. */
  readonly labels: LabelTier;
}

/**
 * What the samples of a figure with an interval are worth: their count ÷ the design effect. `undefined` for metrics that
 * have none.
 */
export function effectiveSamples(metric: Metric, measured: Measured, context: IntervalContext): number | undefined {
  switch (metric.dependence) {
    case undefined:
      return undefined;
    case 'none':
      return measured.samples;
    case 'declared':
      return measured.samples / declaredEffect(context.model);
    case 'measured in the window':
      return measured.samples / measuredEffect(context);
  }
}

/** The interval of a figure whose samples are worth that much. @param view what it was measured in */
export function intervalOf(
  metric: Metric,
  view: WindowFigures,
  measured: Measured,
  effective: number | undefined,
  z: number,
): Interval | null {
  if (effective === undefined || measured.value === undefined) return null;
  if (metric.variance) {
    const variance = metric.variance(view);
    if (variance === undefined) return null;
    return meanInterval(measured.value, variance, effective, z);
  }
  return wilsonInterval(measured.value, effective, z);
}

function measuredEffect({ model, windowMs, labels }: IntervalContext): number {
  const lag = Math.ceil(model.labelDependenceMs / labels.lengthMs);
  const declared = declaredEffect(model);
  const count = bucketsOf(windowMs, labels.lengthMs);
  if (count < 4 * (lag + 1)) return declared;
  return designEffect({ length: count, buckets: labels.latest(count), lag, declared });
}

function declaredEffect(model: ModelDefinition): number {
  return Math.max(1, model.designEffect);
}
