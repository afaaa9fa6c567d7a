import { accuracyDegradation } from './catalogue/accuracy-degradation.js';
import { accuracy } from './catalogue/accuracy.js';
import { balancedAccuracy } from './catalogue/balanced-accuracy.js';
import { bias } from './catalogue/bias.js';
import { calibrationError } from './catalogue/calibration-error.js';
import { costPerPrediction } from './catalogue/cost-per-prediction.js';
import { labels, positives, predictions } from './catalogue/counts.js';
import { errorRate } from './catalogue/error-rate.js';
import { f1 } from './catalogue/f1.js';
import { labelCoverage } from './catalogue/label-coverage.js';
import { labelDelay } from './catalogue/label-delay.js';
import { latencyIncrease } from './catalogue/latency-increase.js';
import { latencyP50, latencyP95, latencyP99 } from './catalogue/latency-percentiles.js';
import { mae } from './catalogue/mae.js';
import { mape } from './catalogue/mape.js';
import { mcc } from './catalogue/mcc.js';
import { macroF1, macroPrecision, macroRecall, weightedF1 } from './catalogue/over-classes.js';
import { negativePredictiveValue } from './catalogue/negative-predictive-value.js';
import { precision } from './catalogue/precision.js';
import { r2 } from './catalogue/r2.js';
import { recall } from './catalogue/recall.js';
import { rmse } from './catalogue/rmse.js';
import { rocAuc } from './catalogue/roc-auc.js';
import { brierScore, logLoss } from './catalogue/score-means.js';
import { specificity } from './catalogue/specificity.js';
import { throughput } from './catalogue/throughput.js';
import { ratioOf, type Fraction } from './fraction.js';
import type { Measured, Metric, MetricFacts, WindowFigures } from './metric.js';
import type { SubjectMetric } from './subject-metric.js';
import { instanceMetrics } from './subjects/instances.js';
import { jobMetrics } from './subjects/jobs.js';
import { measurementMetrics } from './subjects/measurements.js';
import { taskTypes, type TaskType } from './task-type.js';

/** Every metric of versions, in the order in which people read them: a budget or a rule can name each. */
export const metrics: readonly Metric[] = [
  accuracy,
  precision,
  recall,
  f1,
  specificity,
  negativePredictiveValue,
  balancedAccuracy,
  mcc,
  rocAuc,
  logLoss,
  brierScore,
  calibrationError,
  macroF1,
  macroPrecision,
  macroRecall,
  weightedF1,
  mae,
  rmse,
  mape,
  r2,
  bias,
  errorRate,
  latencyP50,
  latencyP95,
  latencyP99,
  costPerPrediction,
  predictions,
  throughput,
  labels,
  labelCoverage,
  labelDelay,
  positives,
  accuracyDegradation,
  latencyIncrease,
];

export const metricNames: readonly string[] = metrics.map(({ name }) => name);

/** Every metric of training jobs, instances and measurements: a rule can name each. */
export const subjectMetrics = [...jobMetrics, ...instanceMetrics, ...measurementMetrics] as readonly SubjectMetric[];

/** What a rule can name. */
export const ruleMetricNames: readonly string[] = [...metricNames, ...subjectMetrics.map(({ name }) => name)];

const bySubjectMetric = new Map(subjectMetrics.map((metric) => [metric.name, metric]));

/** Of whatever it is a metric. */
export function metricFacts(name: string): MetricFacts | undefined {
  return byName.get(name) ?? bySubjectMetric.get(name);
}

/** A metric of jobs or instances. */
export function subjectMetricNamed(name: string): SubjectMetric | undefined {
  return bySubjectMetric.get(name);
}

const byName = new Map(metrics.map((metric) => [metric.name, metric]));
const byTask = new Map(taskTypes.map((task) => [task, metrics.filter(({ tasks }) => tasks.includes(task))]));

/** A metric of versions. */
export function metricNamed(name: string): Metric | undefined {
  return byName.get(name);
}

/** The metrics of models of a task. */
export function metricsOf(task: TaskType): readonly Metric[] {
  return byTask.get(task) ?? [];
}

/** Those of which segments have figures: what charts offer, and how much there is. */
export function isOfSegments({ name, charted }: Metric): boolean {
  return charted === true || name === predictions.name || name === labels.name;
}

/** A metric of a window. Its value is absent with fewer samples than it needs to say something. */
export function measure(metric: Metric, window: WindowFigures): Measured {
  const measured = metric.measure(window);
  return measured.samples < metric.minimumSamples ? { value: undefined, samples: measured.samples } : measured;
}

/** What `measure` gives, without rounding; `undefined` where the metric is no ratio of counts. */
export function exactlyOf(metric: Metric, window: WindowFigures): Fraction | undefined {
  if (metric.exactly) return metric.exactly(window);
  const counts = metric.counts?.(window);
  return counts && ratioOf(...counts);
}
