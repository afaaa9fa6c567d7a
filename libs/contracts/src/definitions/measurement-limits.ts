import type { z } from 'zod';
import { measurementMetrics } from '@moola/metrics/subjects/measurements';
import type { MeasurementLimit } from '../gen/moola/v1/definitions_pb.js';
import { annotationFields, annotationIssues } from './annotations.js';
import { comparatorOf, limitFields, oneLimit } from './comparators.js';
import { count, duration, issuesOf, list, modelPattern, oneOf, section, sentencePattern, text } from './fields.js';
import type { MessageInit } from './message-init.js';
import { severityNames, severityOf } from './severities.js';

/** What the names of the metrics begin with. */
export const measurementPrefix = 'measurement_';
const ofWindow = new Map(
  measurementMetrics.map((metric) => [metric.name.slice(measurementPrefix.length), metric.ofWindow]),
);

const limit = section({
  name: text({ doc: 'The measurement, as its events name it.' }, modelPattern),
  figure: oneOf({ doc: 'What of its values is limited.' }, [...ofWindow.keys()] as unknown as readonly [
    string,
    ...string[],
  ]),
  ...limitFields,
  window: duration(
    {
      doc: 'Over which its values are read, at most 24 hours.',
      fallback: "the budget's; `last` and `silent` have none",
    },
    { positive: true },
  ).optional(),
  severity: oneOf({ doc: 'How bad it is when the limit is broken.' }, severityNames).default('warning'),
  minimumSamples: count({ doc: 'With fewer values nothing is decided.', unit: 'values' }, { least: 1 }).default(1),
  for: duration({ doc: 'How long the limit must be broken before the alert fires.' }).prefault('5m'),
  keepFiringFor: duration({ doc: 'How long it must be kept again before the alert is resolved.' }).prefault('5m'),
  ...annotationFields,
  runbook: text({ doc: 'Where it is written what to do.' }, sentencePattern).default(''),
})
  .refine(oneLimit.check, oneLimit.params)
  .check(issuesOf(annotationIssues))
  .refine(({ figure, window }) => window === undefined || ofWindow.get(figure) !== false, {
    path: ['window'],
    error: 'has no effect: last and silent are read at an instant (leave it out)',
  });

export const measurementLimits = list(
  {
    doc: 'What [measurements](events.md#measurements) of the model must keep to. Each limit is an alert rule, on the model and not on a version.',
  },
  limit,
  'limits',
).default([]);

export type MeasurementLimits = z.output<typeof measurementLimits>;

/** @param budgetWindowMs for those that state no window */
export function measurementLimitsDefinition(
  limits: MeasurementLimits,
  budgetWindowMs: number,
): MessageInit<MeasurementLimit>[] {
  return limits.map((each) => ({
    ...{ name: each.name, metric: measurementPrefix + each.figure, ...comparatorOf(each) },
    windowMs: ofWindow.get(each.figure) ? (each.window ?? budgetWindowMs) : 0,
    ...{ severity: severityOf(each.severity), minimumSamples: each.minimumSamples },
    ...{ forMs: each.for, keepFiringForMs: each.keepFiringFor },
    ...{ summary: each.summary, description: each.description, runbook: each.runbook, labels: each.labels },
  }));
}
