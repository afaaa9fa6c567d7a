import { QuantileSketch } from '@moola/windows/quantile-sketch';
import type { LabelBucket, LabelCounts } from '@moola/windows/label-bucket';
import { unitsPerUsd, type TrafficBucket } from '@moola/windows/traffic-bucket';
import type { WindowSum } from './series.js';

/** One window of one version: its labels in all roles, its traffic in the role that it has now. */
export interface WindowView {
  readonly windowMs: number;
  readonly labels: WindowSum<LabelBucket>;
  readonly traffic: WindowSum<TrafficBucket>;
  /** Figures by metric name when the version last became known good; `null` before. */
  readonly baseline: Readonly<Record<string, number>> | null;
}

export interface Measured {
  /** Absent without samples. */
  readonly value: number | undefined;
  /** What it rests on, as the metric counts. */
  readonly samples: number;
}

/** Where the samples of a proportion get their worth from: semantics.md, "Interval". */
export type Dependence = 'measured in the window' | 'declared' | 'none';

export interface MetricDefinition {
  readonly measure: (view: WindowView) => Measured;
  /** Set for proportions, which have an interval. */
  readonly dependence?: Dependence;
  /** Compares with the figures of when the version was known good, and is unknown before. */
  readonly needsBaseline?: true;
}

const minuteMs = 60_000;

/** Every metric that the tracker computes, in the order of a snapshot. */
export const trackerMetrics: ReadonlyMap<string, MetricDefinition> = new Map<string, MetricDefinition>([
  ['accuracy', { measure: accuracy, dependence: 'measured in the window' }],
  ['precision', { measure: precision, dependence: 'declared' }],
  ['recall', { measure: recall, dependence: 'declared' }],
  ['error_rate', { measure: errorRate, dependence: 'none' }],
  ['latency_p50', { measure: (view) => latency(view, 50) }],
  ['latency_p95', { measure: (view) => latency(view, 95) }],
  ['latency_p99', { measure: (view) => latency(view, 99) }],
  ['cost_per_prediction', { measure: costPerPrediction }],
  ['predictions', { measure: (view) => counted(traffic(view, 'predictions')) }],
  ['throughput', { measure: throughput }],
  ['labels', { measure: (view) => counted(labels(view, 'labels')) }],
  ['positives', { measure: (view) => counted(labels(view, 'truePositives') + labels(view, 'falseNegatives')) }],
  ['accuracy_degradation', { measure: accuracyDegradation, needsBaseline: true }],
  ['latency_increase', { measure: latencyIncrease, needsBaseline: true }],
]);

/** Metrics that nobody declared have no value and no samples. */
export function measure(metric: string, view: WindowView): Measured {
  return trackerMetrics.get(metric)?.measure(view) ?? { value: undefined, samples: 0 };
}

function accuracy(view: WindowView): Measured {
  return ratio(labels(view, 'right'), labels(view, 'labels'));
}

function precision(view: WindowView): Measured {
  const found = labels(view, 'truePositives');
  return ratio(found, found + labels(view, 'falsePositives'));
}

function recall(view: WindowView): Measured {
  const found = labels(view, 'truePositives');
  return ratio(found, found + labels(view, 'falseNegatives'));
}

function errorRate(view: WindowView): Measured {
  return ratio(traffic(view, 'errors'), traffic(view, 'predictions'));
}

function latency(view: WindowView, percent: number): Measured {
  const { closed, open } = view.traffic;
  const samples = closed.latencies.count + open.latencies.count;
  return { value: QuantileSketch.percentile(percent, closed.latencies, open.latencies), samples };
}

function costPerPrediction(view: WindowView): Measured {
  const { value, samples } = ratio(traffic(view, 'costUnits'), traffic(view, 'priced'));
  return { value: value === undefined ? undefined : value / unitsPerUsd, samples };
}

/** Predictions a minute. */
function throughput(view: WindowView): Measured {
  const samples = traffic(view, 'predictions');
  return { value: samples / (view.windowMs / minuteMs), samples };
}

/** By how much accuracy is below that of when the version was known good. */
function accuracyDegradation(view: WindowView): Measured {
  const { value, samples } = accuracy(view);
  const before = view.baseline?.['accuracy'];
  return { value: value === undefined || before === undefined ? undefined : before - value, samples };
}

/** P95 latency ÷ that of when the version was known good. */
function latencyIncrease(view: WindowView): Measured {
  const { value, samples } = latency(view, 95);
  const before = view.baseline?.['latency_p95'];
  return { value: value === undefined || !before ? undefined : value / before, samples };
}

/** A count is known even when nothing was counted. */
function counted(count: number): Measured {
  return { value: count, samples: count };
}

function ratio(part: number, whole: number): Measured {
  return { value: whole === 0 ? undefined : part / whole, samples: whole };
}

function labels(view: WindowView, count: keyof LabelCounts): number {
  return view.labels.closed[count] + view.labels.open[count];
}

function traffic(view: WindowView, count: 'predictions' | 'errors' | 'priced' | 'costUnits'): number {
  return view.traffic.closed[count] + view.traffic.open[count];
}
