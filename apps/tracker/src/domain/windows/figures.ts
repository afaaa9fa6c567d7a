import { decimalOf, dividedBy, minus, ratioOf, type Fraction } from '@moola/rules/fraction';
import { label, type LabelBuckets } from '@moola/windows/label-bucket';
import { traffic, unitsPerUsd, type TrafficBuckets } from '@moola/windows/traffic-bucket';

/** One window of one version: its labels in all roles, its traffic in the role that it has now. */
export class WindowView {
  /**
   * @param closedLabels sum of its label buckets before the open one, and `openLabels` that one
   * @param closedTraffic as `closedLabels`, of traffic
   * @param baseline figures by metric name when the version last became known good; `null` before
   * @param baselineCounts those of them that are ratios of counts, as such
   */
  constructor(
    readonly windowMs: number,
    private readonly labels: LabelBuckets,
    private readonly closedLabels: number,
    private readonly openLabels: number,
    private readonly traffic: TrafficBuckets,
    private readonly closedTraffic: number,
    private readonly openTraffic: number,
    readonly baseline: Readonly<Record<string, number>> | null,
    readonly baselineCounts: Readonly<Record<string, Counted>> = {},
  ) {}

  /** One number of its labels. */
  ofLabels(field: number): number {
    return this.labels.get(this.closedLabels, field) + this.labels.get(this.openLabels, field);
  }

  /** One number of its traffic. */
  ofTraffic(field: number): number {
    return this.traffic.get(this.closedTraffic, field) + this.traffic.get(this.openTraffic, field);
  }

  /** What the predictions of its traffic cost, in units of `unitsPerUsd`. */
  costUnits(): number {
    const { costUnits } = traffic;
    return this.traffic.getWide(this.closedTraffic, costUnits) + this.traffic.getWide(this.openTraffic, costUnits);
  }

  /** How many predictions state their latency. */
  timed(): number {
    return this.traffic.sketches.count(this.closedTraffic) + this.traffic.sketches.count(this.openTraffic);
  }

  /** Milliseconds; `undefined` without latencies. */
  latencyPercentile(percent: number): number | undefined {
    return this.traffic.sketches.percentile(percent, this.closedTraffic, this.openTraffic);
  }

  /** Whether another window of the same version is known to hold the same. */
  holdsTheSameAs(other: WindowView): boolean {
    return (
      this.closedLabels === other.closedLabels &&
      this.openLabels === other.openLabels &&
      this.closedTraffic === other.closedTraffic &&
      this.openTraffic === other.openTraffic
    );
  }
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

/** What a ratio is made of: part and whole, whole numbers. */
export type Counted = readonly [part: number, whole: number];

export interface MetricDefinition {
  readonly name: string;
  readonly restsOn: Basis;
  /** As `measure` gives them; far cheaper where they are too few for a decision. */
  readonly samples: Count;
  readonly measure: (view: WindowView) => Measured;
  /** Set for ratios of counts: what `measure` divides, the whole not 0 where there are samples. */
  readonly counts?: (view: WindowView) => Counted;
  /** Set for what is derived from the baseline: its value without rounding. */
  readonly exactly?: (view: WindowView) => Fraction | undefined;
  /** Set for proportions, which have an interval. */
  readonly dependence?: Dependence;
  /** Compares with the figures of when the version was known good, and is unknown before. */
  readonly needsBaseline?: true;
  /** Rests on the window's length beside what it holds. */
  readonly ofLength?: true;
}

const minuteMs = 60_000;

const labelled: Count = (view) => view.ofLabels(label.labels);
const right: Count = (view) => view.ofLabels(label.right);
const truePositives: Count = (view) => view.ofLabels(label.truePositives);
const found: Count = (view) => truePositives(view) + view.ofLabels(label.falsePositives);
const positives: Count = (view) => truePositives(view) + view.ofLabels(label.falseNegatives);
const predictions: Count = (view) => view.ofTraffic(traffic.predictions);
const errors: Count = (view) => view.ofTraffic(traffic.errors);
const priced: Count = (view) => view.ofTraffic(traffic.priced);
const costUnits: Count = (view) => view.costUnits();
const timed: Count = (view) => view.timed();

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
  counts: (view) => [part(view), whole(view)],
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
  {
    ...{ name: 'cost_per_prediction', restsOn: basis.traffic, samples: priced, measure: costPerPrediction },
    exactly: (view) => dividedBy(ratioOf(costUnits(view), priced(view)), ratioOf(unitsPerUsd, 1)),
  },
  {
    ...{ name: 'predictions', restsOn: basis.traffic, samples: predictions },
    measure: (view) => counted(predictions(view)),
  },
  {
    ...{ name: 'throughput', restsOn: basis.traffic, samples: predictions, measure: throughput, ofLength: true },
    counts: (view) => [predictions(view) * minuteMs, view.windowMs],
  },
  labelCount('labels', labelled),
  labelCount('positives', positives),
  {
    ...{ name: 'accuracy_degradation', restsOn: basis.labels, samples: labelled, needsBaseline: true },
    measure: accuracyDegradation,
    exactly: (view) => {
      const before = view.baselineCounts['accuracy'];
      return before && minus(ratioOf(...before), ratioOf(right(view), labelled(view)));
    },
  },
  {
    ...{ name: 'latency_increase', restsOn: basis.traffic, samples: timed, needsBaseline: true },
    measure: latencyIncrease,
    exactly: (view) => {
      const [now, before] = [view.latencyPercentile(95), view.baseline?.['latency_p95']];
      return now === undefined || !before ? undefined : dividedBy(decimalOf(now), decimalOf(before));
    },
  },
];

const byName = new Map(trackerMetrics.map((metric) => [metric.name, metric]));
const nothing: Measured = { value: undefined, samples: 0 };

/** Metrics that nobody declared have no value and no samples. */
export function metricOf(name: string): MetricDefinition {
  return byName.get(name) ?? { name, restsOn: basis.both, samples: () => 0, measure: () => nothing };
}

/** What `measure` gives, without rounding; `undefined` where the metric is no ratio of counts. */
export function exactlyOf(metric: MetricDefinition, view: WindowView): Fraction | undefined {
  if (metric.exactly) return metric.exactly(view);
  const counts = metric.counts?.(view);
  return counts && ratioOf(...counts);
}

function latency(view: WindowView, percent: number): Measured {
  return { value: view.latencyPercentile(percent), samples: view.timed() };
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
