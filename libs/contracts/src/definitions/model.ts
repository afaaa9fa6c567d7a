import type { z } from 'zod';
import type { ModelDefinition } from '../gen/moola/v1/definitions_pb.js';
import { comparatorOf, limitFields, oneLimit } from './comparators.js';
import { classPattern, count, duration, flag, list, modelPattern, number, oneOf, section, text } from './fields.js';
import type { MessageInit } from './message-init.js';
import { metricNames } from './metrics.js';
import { severityNames, severityOf } from './severities.js';

const budgetLine = section({
  metric: oneOf({ doc: 'The figure that it limits.' }, metricNames as readonly [string, ...string[]]),
  ...limitFields,
  severity: oneOf({ doc: 'How bad it is when the line is out.' }, severityNames).default('warning'),
  gate: flag({
    doc: 'Whether the line decides over the budget state, known good and rollbacks; other lines are watched.',
  }).default(false),
  minimumSamples: count(
    { doc: 'With fewer samples (positives, for precision and recall) the line is unknown.', unit: 'samples' },
    { least: 1 },
  ).default(30),
}).refine(oneLimit.check, oneLimit.params);

/** The budget of a model that declares none: also of one that nobody declared. */
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
    knownGoodAfter: duration({ doc: 'How long the gates must have held for a version to be known good.' }).prefault(
      '24h',
    ),
    knownGoodLabels: count({ doc: 'Labels that the window must have held all the while.', unit: 'labels' }).default(
      100,
    ),
    lines: list({ doc: 'What the model must keep to.' }, budgetLine, 'lines', 1).prefault([...defaultLines]),
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
      { doc: 'Least design effect of the paired difference while too few buckets are known to estimate it.' },
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

/** `kind: Model`. */
export const modelSchema = section({
  name: text({ doc: 'The model, as its events name it.' }, modelPattern),
  positiveClass: text({ doc: 'The class that counts as positive.' }, classPattern).default('1'),
  labelHorizon: duration({ doc: 'How long an outcome may follow its prediction.' }, { positive: true }).prefault('24h'),
  labelDependence: duration({
    doc: 'Outcomes this far apart still depend on each other (overlapping horizons).',
  }).prefault('0s'),
  designEffect: number(
    {
      doc: 'How many labels of a window are worth one independent label, where too few buckets are known to estimate it.',
    },
    { least: 1 },
  ).default(1),
  bucket: duration({ doc: 'Windows are made of buckets of this length and move by it.' }, { positive: true }).prefault(
    '5s',
  ),
  budget: budget.prefault({}),
  comparison: comparison.prefault({}),
  registry: registry.optional(),
});

export type ModelDocument = z.output<typeof modelSchema>;

export function modelDefinition(document: ModelDocument): MessageInit<ModelDefinition> {
  return {
    positiveClass: document.positiveClass,
    labelHorizonMs: document.labelHorizon,
    labelDependenceMs: document.labelDependence,
    designEffect: document.designEffect,
    bucketMs: document.bucket,
    budget: {
      windowMs: document.budget.window,
      knownGoodAfterMs: document.budget.knownGoodAfter,
      knownGoodLabels: document.budget.knownGoodLabels,
      lines: document.budget.lines.map((line) => ({
        metric: line.metric,
        ...comparatorOf(line),
        severity: severityOf(line.severity),
        gate: line.gate,
        minimumSamples: line.minimumSamples,
      })),
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
