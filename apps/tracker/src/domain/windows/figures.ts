import { QuantileSketch } from '@moola/windows/quantile-sketch';
import type { LabelBucket } from '@moola/windows/label-bucket';
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
  readonly name: string;
  readonly measure: (view: WindowView) => Measured;
  /** Set for proportions, which have an interval. */
  readonly dependence?: Dependence;
  /** Compares with the figures of when the version was known good, and is unknown before. */
  readonly needsBaseline?: true;
  /** Rests on the window's length beside what it holds. */
  readonly ofLength?: true;
}

const minuteMs = 60_000;

/** Every metric that the tracker computes, in the order of a snapshot. */
export const trackerMetrics: readonly MetricDefinition[] = [
  { name: 'accuracy', measure: accuracy, dependence: 'measured in the window' },
  { name: 'precision', measure: precision, dependence: 'declared' },
  { name: 'recall', measure: recall, dependence: 'declared' },
  { name: 'error_rate', measure: errorRate, dependence: 'none' },
  { name: 'latency_p50', measure: (view) => latency(view, 50) },
  { name: 'latency_p95', measure: (view) => latency(view, 95) },
  { name: 'latency_p99', measure: (view) => latency(view, 99) },
  { name: 'cost_per_prediction', measure: costPerPrediction },
  { name: 'predictions', measure: (view) => counted(view.traffic.closed.predictions + view.traffic.open.predictions) },
  { name: 'throughput', measure: throughput, ofLength: true },
  { name: 'labels', measure: (view) => counted(view.labels.closed.labels + view.labels.open.labels) },
  { name: 'positives', measure: positives },
  { name: 'accuracy_degradation', measure: accuracyDegradation, needsBaseline: true },
  { name: 'latency_increase', measure: latencyIncrease, needsBaseline: true },
];

const byName = new Map(trackerMetrics.map((metric) => [metric.name, metric]));

/** Metrics that nobody declared have no value and no samples. */
export function metricOf(name: string): MetricDefinition {
  return byName.get(name) ?? { name, measure: () => ({ value: undefined, samples: 0 }) };
}

function accuracy({ labels: { closed, open } }: WindowView): Measured {
  return ratio(closed.right + open.right, closed.labels + open.labels);
}

function precision({ labels: { closed, open } }: WindowView): Measured {
  const found = closed.truePositives + open.truePositives;
  return ratio(found, found + closed.falsePositives + open.falsePositives);
}

function recall({ labels: { closed, open } }: WindowView): Measured {
  const found = closed.truePositives + open.truePositives;
  return ratio(found, found + closed.falseNegatives + open.falseNegatives);
}

function positives({ labels: { closed, open } }: WindowView): Measured {
  return counted(closed.truePositives + open.truePositives + (closed.falseNegatives + open.falseNegatives));
}

function errorRate({ traffic: { closed, open } }: WindowView): Measured {
  return ratio(closed.errors + open.errors, closed.predictions + open.predictions);
}

function latency({ traffic: { closed, open } }: WindowView, percent: number): Measured {
  const samples = closed.latencies.count + open.latencies.count;
  return { value: QuantileSketch.percentile(percent, closed.latencies, open.latencies), samples };
}

function costPerPrediction({ traffic: { closed, open } }: WindowView): Measured {
  const { value, samples } = ratio(closed.costUnits + open.costUnits, closed.priced + open.priced);
  return { value: value === undefined ? undefined : value / unitsPerUsd, samples };
}

/** Predictions a minute. */
function throughput({ traffic: { closed, open }, windowMs }: WindowView): Measured {
  const samples = closed.predictions + open.predictions;
  return { value: samples / (windowMs / minuteMs), samples };
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
