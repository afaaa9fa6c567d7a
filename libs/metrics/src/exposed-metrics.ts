import { metrics, subjectMetrics } from './catalogue.js';
import { hasBounds, type Metric, type MetricUnit } from './metric.js';
import type { SubjectMetric, SubjectName } from './subject-metric.js';

/** A metric of models as Prometheus reads it: named and scaled in base units. */
export interface ExposedMetric {
  readonly metric: Metric;
  /** `moola_model_latency_p95_seconds` */
  readonly name: string;
  /** Where a budget has a line on it: `moola_model_latency_p95_limit_seconds`. */
  readonly limit: string;
  /** The ends of its interval; `null` where it has none. */
  readonly bounds: { readonly lower: string; readonly upper: string } | null;
  /** What it says, for people. */
  readonly help: string;
  /** From the metric's own unit to the base unit. */
  readonly inBaseUnit: (value: number) => number;
}

interface BaseUnit {
  readonly suffix: string;
  /** The metric's own unit divided by this is the base unit. */
  readonly divisor: number;
  /** Said where the base unit is another than that of the metric's description. */
  readonly note?: string;
}

const baseUnits: Readonly<Record<MetricUnit, BaseUnit>> = {
  ratio: { suffix: '_ratio', divisor: 1 },
  times: { suffix: '_ratio', divisor: 1 },
  ms: { suffix: '_seconds', divisor: 1000, note: 'in seconds' },
  min: { suffix: '_seconds', divisor: 1 / 60, note: 'in seconds' },
  bytes: { suffix: '_bytes', divisor: 1 },
  'bytes/s': { suffix: '_bytes_per_second', divisor: 1 },
  '1/s': { suffix: '_per_second', divisor: 1 },
  USD: { suffix: '_usd', divisor: 1 },
  '1/min': { suffix: '_per_second', divisor: 60, note: 'here a second' },
  count: { suffix: '', divisor: 1 },
  value: { suffix: '', divisor: 1 },
  index: { suffix: '', divisor: 1 },
};

/** Every metric that a budget or a rule can name, as Prometheus reads it. */
export const exposedMetrics: readonly ExposedMetric[] = metrics.map((metric) => {
  const { suffix, divisor, note } = baseUnits[metric.unit];
  const named = (what: string): string => `moola_model_${metric.name}${what}${suffix}`;
  return {
    metric,
    name: named(''),
    limit: named('_limit'),
    bounds: hasBounds(metric) ? { lower: named('_lower_bound'), upper: named('_upper_bound') } : null,
    help: `Over the window: ${metric.meaning}${note === undefined ? '' : `, ${note}`}.`,
    inBaseUnit: (value) => value / divisor,
  };
});

/** @throws when there is no such metric */
export function exposedMetric(name: string): ExposedMetric {
  const found = exposedMetrics.find(({ metric }) => metric.name === name);
  if (found === undefined) throw new Error(`there is no metric ${name}`);
  return found;
}

/** The labels that name one of each; `job` and `instance` are labels that Prometheus sets itself, to what it scrapes. */
export const subjectLabel: Readonly<Record<SubjectName, string>> = {
  job: 'training_job',
  instance: 'serving_instance',
  measurement: 'measurement',
};

/** A metric of training jobs, instances or measurements as Prometheus reads it: `moola_job_time_left_seconds`. */
export interface ExposedSubjectMetric {
  readonly metric: SubjectMetric;
  readonly name: string;
  readonly help: string;
  readonly inBaseUnit: (value: number) => number;
}

export const exposedSubjectMetrics: readonly ExposedSubjectMetric[] = subjectMetrics.map((metric) => {
  const { suffix, divisor, note } = baseUnits[metric.unit];
  return {
    metric,
    name: `moola_${metric.exposedAs ?? metric.name}${suffix}`,
    help: `${metric.meaning.charAt(0).toUpperCase()}${metric.meaning.slice(1)}${note === undefined ? '' : `, ${note}`}.`,
    inBaseUnit: (value) => value / divisor,
  };
});
