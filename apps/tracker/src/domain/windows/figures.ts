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

/** What figures rest on, as bits: a figure changes only when that does. */
export const basis = { labels: 1, traffic: 2, both: 3 } as const;
export type Basis = (typeof basis)[keyof typeof basis];

type Count = (view: WindowView) => number;

export interface MetricDefinition {
  readonly name: string;
  readonly restsOn: Basis;
  /** As `measure` gives them; far cheaper where they are too few for a decision. */
  readonly samples: Count;
  readonly measure: (view: WindowView) => Measured;
  /** Set for proportions, which have an interval. */
  readonly dependence?: Dependence;
  /** Compares with the figures of when the version was known good, and is unknown before. */
  readonly needsBaseline?: true;
  /** Rests on the window's length beside what it holds. */
  readonly ofLength?: true;
}

const minuteMs = 60_000;

const labelled: Count = ({ labels: { closed, open } }) => closed.labels + open.labels;
const right: Count = ({ labels: { closed, open } }) => closed.right + open.right;
const truePositives: Count = ({ labels: { closed, open } }) => closed.truePositives + open.truePositives;
const found: Count = (view) =>
  truePositives(view) + view.labels.closed.falsePositives + view.labels.open.falsePositives;
const positives: Count = (view) =>
  truePositives(view) + view.labels.closed.falseNegatives + view.labels.open.falseNegatives;
const predictions: Count = ({ traffic: { closed, open } }) => closed.predictions + open.predictions;
const errors: Count = ({ traffic: { closed, open } }) => closed.errors + open.errors;
const priced: Count = ({ traffic: { closed, open } }) => closed.priced + open.priced;
const costUnits: Count = ({ traffic: { closed, open } }) => closed.costUnits + open.costUnits;
const timed: Count = ({ traffic: { closed, open } }) => closed.latencies.count + open.latencies.count;

const labelCount = (name: string, count: Count): MetricDefinition => ({
  name,
  restsOn: basis.labels,
  samples: count,
  measure: (view) => counted(count(view)),
});
const latencyOf = (name: string, percent: number): MetricDefinition => ({
  name,
  restsOn: basis.traffic,
  samples: timed,
  measure: (view) => latency(view, percent),
});
const proportion = (
  name: string,
  restsOn: Basis,
  [part, whole]: readonly [Count, Count],
  dependence: Dependence,
): MetricDefinition => ({
  ...{ name, restsOn, samples: whole, dependence },
  measure: (view) => ratio(part(view), whole(view)),
});

/** Every metric that the tracker computes, in the order of a snapshot. */
export const trackerMetrics: readonly MetricDefinition[] = [
  proportion('accuracy', basis.labels, [right, labelled], 'measured in the window'),
  proportion('precision', basis.labels, [truePositives, found], 'declared'),
  proportion('recall', basis.labels, [truePositives, positives], 'declared'),
  proportion('error_rate', basis.traffic, [errors, predictions], 'none'),
  latencyOf('latency_p50', 50),
  latencyOf('latency_p95', 95),
  latencyOf('latency_p99', 99),
  { name: 'cost_per_prediction', restsOn: basis.traffic, samples: priced, measure: costPerPrediction },
  {
    ...{ name: 'predictions', restsOn: basis.traffic, samples: predictions },
    measure: (view) => counted(predictions(view)),
  },
  { name: 'throughput', restsOn: basis.traffic, samples: predictions, measure: throughput, ofLength: true },
  labelCount('labels', labelled),
  labelCount('positives', positives),
  {
    ...{ name: 'accuracy_degradation', restsOn: basis.labels, samples: labelled, needsBaseline: true },
    measure: accuracyDegradation,
  },
  {
    ...{ name: 'latency_increase', restsOn: basis.traffic, samples: timed, needsBaseline: true },
    measure: latencyIncrease,
  },
];

const byName = new Map(trackerMetrics.map((metric) => [metric.name, metric]));
const nothing: Measured = { value: undefined, samples: 0 };

/** Metrics that nobody declared have no value and no samples. */
export function metricOf(name: string): MetricDefinition {
  return byName.get(name) ?? { name, restsOn: basis.both, samples: () => 0, measure: () => nothing };
}

function latency({ traffic: { closed, open } }: WindowView, percent: number): Measured {
  const samples = closed.latencies.count + open.latencies.count;
  return { value: QuantileSketch.percentile(percent, closed.latencies, open.latencies), samples };
}

function costPerPrediction(view: WindowView): Measured {
  const { value, samples } = ratio(costUnits(view), priced(view));
  return { value: value === undefined ? undefined : value / unitsPerUsd, samples };
}

/** Predictions a minute. */
function throughput(view: WindowView): Measured {
  const samples = predictions(view);
  return { value: samples / (view.windowMs / minuteMs), samples };
}

/** By how much accuracy is below that of when the version was known good. */
function accuracyDegradation(view: WindowView): Measured {
  const { value, samples } = ratio(right(view), labelled(view));
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
