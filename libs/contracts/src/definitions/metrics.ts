/** The unit in which definitions and facts give a metric. */
export type MetricUnit = 'ratio' | 'ms' | 'USD' | '1/min' | 'count' | 'times';

/** What a metric is like, as far as a budget line or a rule must know. */
export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly doc: string;
  /** Rests on outcomes: has an interval, so that a rule can compare its bound. */
  readonly label: boolean;
  /** Always in [0, 1]. */
  readonly ratio: boolean;
  /** On which side of a limit it is bad; `null`: on either. */
  readonly worse: 'below' | 'above' | null;
}

/** Every metric that a budget or a rule can name. Definitions of the figures: docs/semantics.md. */
export const metrics: readonly Metric[] = [
  {
    name: 'accuracy',
    unit: 'ratio',
    doc: 'right answers ÷ labelled predictions',
    label: true,
    ratio: true,
    worse: 'below',
  },
  {
    name: 'precision',
    unit: 'ratio',
    doc: 'true positives ÷ answers that were positive',
    label: true,
    ratio: true,
    worse: 'below',
  },
  {
    name: 'recall',
    unit: 'ratio',
    doc: 'true positives ÷ truths that were positive',
    label: true,
    ratio: true,
    worse: 'below',
  },
  {
    name: 'error_rate',
    unit: 'ratio',
    doc: 'failed predictions ÷ predictions',
    label: false,
    ratio: true,
    worse: 'above',
  },
  { name: 'latency_p50', unit: 'ms', doc: 'median latency', label: false, ratio: false, worse: 'above' },
  { name: 'latency_p95', unit: 'ms', doc: '95th percentile of latency', label: false, ratio: false, worse: 'above' },
  { name: 'latency_p99', unit: 'ms', doc: '99th percentile of latency', label: false, ratio: false, worse: 'above' },
  {
    name: 'cost_per_prediction',
    unit: 'USD',
    doc: 'mean cost of a prediction',
    label: false,
    ratio: false,
    worse: 'above',
  },
  { name: 'throughput', unit: '1/min', doc: 'predictions a minute', label: false, ratio: false, worse: null },
  { name: 'predictions', unit: 'count', doc: 'predictions in the window', label: false, ratio: false, worse: null },
  { name: 'labels', unit: 'count', doc: 'labelled predictions in the window', label: false, ratio: false, worse: null },
  { name: 'positives', unit: 'count', doc: 'labels whose truth was positive', label: false, ratio: false, worse: null },
  {
    name: 'accuracy_degradation',
    unit: 'ratio',
    doc: 'accuracy when the version was last known good − accuracy; unknown before',
    label: false,
    ratio: true,
    worse: 'above',
  },
  {
    name: 'latency_increase',
    unit: 'times',
    doc: 'P95 latency ÷ that of when the version was last known good; unknown before',
    label: false,
    ratio: false,
    worse: 'above',
  },
];

export const metricNames: readonly string[] = metrics.map((metric) => metric.name);

export function metricNamed(name: string): Metric | undefined {
  return metrics.find((metric) => metric.name === name);
}
