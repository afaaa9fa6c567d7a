import type { z } from 'zod';
import { askedFields } from '../columns/held-columns.js';
import { Compare, type ModelDefinition } from '../gen/moola/v1/definitions_pb.js';
import { annotationFields, annotationIssues } from './annotations.js';
import { comparatorOf, limitFields, oneLimit } from './comparators.js';
import {
  classPattern,
  count,
  duration,
  flag,
  issuesOf,
  list,
  modelPattern,
  number,
  oneOf,
  section,
  sentencePattern,
  text,
} from './fields.js';
import { levelIssues, levelsField, levelsOf } from './levels.js';
import type { MessageInit } from './message-init.js';
import { metricNamed, metricNames } from '@moola/metrics/catalogue';
import { hasBounds } from '@moola/metrics/metric';
import { confidenceWithoutEffect, defaultConfidence } from './rule.js';
import { taskTypes, type TaskType } from '@moola/metrics/task-type';
import { wireTask } from './task-types.js';
import { measurementLimits, measurementLimitsDefinition } from './measurement-limits.js';
import { onSegment, watchedSegments, watchedSegmentsDefinition } from './segments.js';
import { severityNames, severityOf } from './severities.js';

interface Limited {
  readonly below?: number | undefined;
  readonly above?: number | undefined;
  readonly levels?: unknown;
}

const lineCompares = { figure: Compare.FIGURE, bound: Compare.BOUND } as const;

const budgetLine = section({
  metric: oneOf({ doc: 'The figure that it limits.' }, metricNames as readonly [string, ...string[]]),
  ...limitFields,
  segment: onSegment,
  severity: oneOf(
    { doc: 'How bad it is when the line is out. Either this, with a limit, or `levels`.', fallback: 'warning' },
    severityNames,
  ).optional(),
  levels: levelsField,
  gate: flag({
    doc: 'Whether the line decides over the budget state, known good and rollbacks; other lines are watched.',
  }).default(false),
  minimumSamples: count(
    { doc: 'With fewer samples (positives, for precision and recall) the line is unknown.', unit: 'samples' },
    { least: 1 },
  ).default(30),
  compare: oneOf(
    {
      doc: 'What its alert compares: the bare figure, or the side of its interval that speaks against an alert.',
      fallback: '`bound` where the metric has an interval, else `figure`',
    },
    ['figure', 'bound'],
  ).optional(),
  confidence: number(
    { doc: 'One-sided confidence of the bound, for `compare: bound` only; 0.95 when left out.' },
    { least: 0.5, most: 0.9999 },
  ).optional(),
  for: duration({ doc: 'How long the line must be out before its alert fires.' }).prefault('5m'),
  keepFiringFor: duration({ doc: 'How long it must be within again before the alert is resolved.' }).prefault('5m'),
  ...annotationFields,
  runbook: text({ doc: 'Where it is written what to do.' }, sentencePattern).default(''),
})
  .refine((line: Limited) => line.levels !== undefined || oneLimit.check(line), oneLimit.params)
  .check(issuesOf((value) => [...levelIssues(value), ...annotationIssues(value)]))
  .refine(
    ({ metric, compare, confidence }: { metric?: string; compare?: string | undefined; confidence?: unknown }) =>
      confidence === undefined || (compare ?? defaultCompare(metric)) === 'bound',
    confidenceWithoutEffect,
  );

/** The bound where there is one: a few wrong answers by chance page nobody. */
function defaultCompare(metric: string | undefined): 'figure' | 'bound' {
  return hasBounds(metricNamed(metric ?? '')) ? 'bound' : 'figure';
}

/** The budget of a model that declares none: also of one that nobody declared. Its lines alert nobody. */
const defaultLines = [
  { metric: 'accuracy', below: 0.8, severity: 'critical', gate: true, minimumSamples: 100 },
  { metric: 'precision', below: 0.75, minimumSamples: 30 },
  { metric: 'recall', below: 0.75, minimumSamples: 30 },
  { metric: 'latency_p95', above: 50, minimumSamples: 30 },
  { metric: 'cost_per_prediction', above: 0.001, minimumSamples: 30 },
  { metric: 'accuracy_degradation', above: 0.05, minimumSamples: 100 },
  { metric: 'latency_increase', above: 1.5, minimumSamples: 30 },
] as const;

const budget = section(
  {
    window: duration({ doc: 'Over which the lines are read.' }, { positive: true }).prefault('1h'),
    knownGoodAfter: duration({
      doc: 'How long the gates must have held for a version to be known good: only then it can be rolled back to.',
    }).prefault('2h'),
    knownGoodLabels: count({ doc: 'Labels that the window must have held all the while.', unit: 'labels' }).default(
      100,
    ),
    lines: list(
      {
        doc: 'What the model must keep to. Each line that is written here is an alert rule as well, unless a Rule stands in for it; the default lines cause no alert. A model that nobody declared has [default rules](semantics.md#default-rules) instead.',
        fallback: defaultLines,
      },
      budgetLine,
      'lines',
      1,
    ).optional(),
    measurements: measurementLimits,
  },
  { doc: 'What the model must keep to, and when one of its versions counts as known good.' },
);

const comparison = section(
  {
    alpha: number(
      { doc: 'The bound errs at most this often, over all looks together.' },
      { moreThan: 0, most: 0.5 },
    ).default(0.05),
    tunedFor: count({ doc: 'The bound is tightest after this long.', unit: 'buckets' }, { least: 1 }).default(100),
    minimumPairs: count(
      { doc: 'With fewer inputs that both answered there is no bound.', unit: 'pairs' },
      { least: 2 },
    ).default(100),
    designEffect: number(
      {
        doc: 'How many pairs carry as much information as one independent pair, as far as you know: the bound allows for no more while too few buckets are known to estimate it. With 1 it allows for pairs near each other in time that correlate by 0.1.',
      },
      { least: 1 },
    ).default(1),
  },
  { doc: 'How versions are compared on the same inputs.' },
);

const registry = section(
  {
    registeredModel: text({ doc: 'Its name in the registry.' }, modelPattern),
    alias: text({ doc: 'The alias that serving follows; a rollback moves it.' }, modelPattern),
  },
  { doc: 'Where the model is registered. Without it a rollback is recommended, but nothing can be moved.' },
);

const labelledWith = list(
  {
    doc: 'Fields of its predictions that labelled ones carry as well, for those who read `observations`. They are held until the outcome comes: 8 bytes a prediction for a number, for others 2 and their texts.',
    fallback: 'none',
  },
  oneOf({ doc: 'A field.' }, [...askedFields.keys()] as [string, ...string[]]),
  'fields',
  1,
).optional();

const features = list(
  {
    doc: 'Features of its predictions, by name, that labelled ones carry as well, for those who read `observations`. They are held until the outcome comes, as text: some 20 bytes each.',
    fallback: 'none',
  },
  text({ doc: 'A feature.' }, classPattern),
  'features',
  1,
).optional();

/** `kind: Model`. */
export const modelSchema = section({
  name: text({ doc: 'The model, as its events name it.' }, modelPattern),
  task: oneOf(
    {
      doc: 'What it answers: one of two classes, one of several, a number; `unlabelled`: anything whose truth never becomes known. It decides which metrics the model has.',
    },
    taskTypes,
  ).default('binary'),
  positiveClass: text({ doc: 'The class that counts as positive, of a binary model.' }, classPattern).default('1'),
  labelHorizon: duration({ doc: 'How long an outcome may follow its prediction.' }, { positive: true }).prefault('24h'),
  labelDependence: duration({
    doc: 'Outcomes this far apart still depend on each other (overlapping horizons).',
  }).prefault('0s'),
  designEffect: number(
    {
      doc: 'How many labels of a window carry as much information as one independent label, where too few buckets are known to estimate it.',
    },
    { least: 1 },
  ).default(1),
  bucket: duration({ doc: 'Windows are made of buckets of this length and move by it.' }, { positive: true }).prefault(
    '5s',
  ),
  segments: watchedSegments.prefault({}),
  labelledWith,
  features,
  budget: budget.prefault({}),
  comparison: comparison.prefault({}),
  registry: registry.optional(),
});

export type ModelDocument = z.output<typeof modelSchema>;

export function modelDefinition(document: ModelDocument): MessageInit<ModelDefinition> {
  const { lines } = document.budget;
  return {
    task: wireTask(document.task),
    positiveClass: document.positiveClass,
    labelHorizonMs: document.labelHorizon,
    labelDependenceMs: document.labelDependence,
    designEffect: document.designEffect,
    bucketMs: document.bucket,
    segments: watchedSegmentsDefinition(document.segments),
    labelledWith: document.labelledWith ?? [],
    features: document.features ?? [],
    budget: {
      windowMs: document.budget.window,
      knownGoodAfterMs: document.budget.knownGoodAfter,
      knownGoodLabels: document.budget.knownGoodLabels,
      lines: lines === undefined ? defaultBudgetLines(document.task) : lines.map(alertingLine),
      measurements: measurementLimitsDefinition(document.budget.measurements, document.budget.window),
    },
    comparison: {
      alpha: document.comparison.alpha,
      tunedForBuckets: document.comparison.tunedFor,
      minimumPairs: document.comparison.minimumPairs,
      designEffect: document.comparison.designEffect,
    },
    ...(document.registry ? { registry: document.registry } : {}),
  };
}

type LineDocument = z.output<typeof budgetLine>;

/** Those of the default lines whose metric models of the task have. */
function defaultBudgetLines(task: TaskType) {
  return defaultLines
    .filter(({ metric }) => metricNamed(metric)?.tasks.includes(task))
    .map((line) => quietLine(budgetLine.parse(line)));
}

function quietLine(line: LineDocument) {
  return {
    metric: line.metric,
    ...comparatorOf(line),
    severity: severityOf(line.severity ?? 'warning'),
    gate: line.gate,
    minimumSamples: line.minimumSamples,
    ...(line.segment && { segment: line.segment }),
  };
}

/** A line that somebody wrote. */
function alertingLine(line: LineDocument) {
  const levels = levelsOf(line.levels ?? [], line.for);
  const [mildest] = levels;
  const alert = {
    levels,
    compare: lineCompares[line.compare ?? defaultCompare(line.metric)],
    confidence: line.confidence ?? defaultConfidence,
    forMs: mildest?.forMs ?? line.for,
    keepFiringForMs: line.keepFiringFor,
    summary: line.summary,
    runbook: line.runbook,
  };
  const { labels, description } = line;
  return {
    ...quietLine(line),
    // A line with levels is out from the mildest on.
    ...(mildest && { ...comparatorOf(line.levels?.[0] ?? {}), severity: mildest.severity }),
    ...{ alert, labels, description },
  };
}
