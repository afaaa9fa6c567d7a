import { taskTypes } from '@moola/metrics/task-type';
import { z } from 'zod';
import { subjectNames } from '@moola/metrics/subject-metric';
import { figureView } from './figure-view.js';
import type { ViewOf } from './view.js';

export type { FigureView } from './figure-view.js';

/*
 * What the read API answers and the page shows: plain JSON, times in milliseconds since the epoch, money in US dollars.
 * The schemas are what the API's description is made of.
 */

const timeMs = z.number().describe('Milliseconds since the epoch.');
const usd = z.number().describe('US dollars.');

const verdict = z.enum(['within', 'out', 'unknown']);
export type Verdict = z.infer<typeof verdict>;

export const budgetLineView = z.strictObject({
  metric: z.string(),
  verdict,
  gate: z.boolean(),
  severity: z.string(),
  comparator: z
    .enum(['below', 'above'])
    .nullable()
    .describe('The line is out when its figure is below, or above, the limit; null in facts of an earlier release.'),
  limit: z.number(),
  segment: z
    .strictObject({ key: z.string(), value: z.string() })
    .nullable()
    .describe('The part of the traffic that the line is on; null: all of it.'),
  rules: z.array(z.string()).describe('The rules that alert when the line is out; none: nobody is alerted.'),
  figure: figureView.nullable(),
});
export type BudgetLineView = ViewOf<typeof budgetLineView>;

export const versionView = z.strictObject({
  version: z.string(),
  build: z.string(),
  serving: z.boolean(),
  role: z.enum(['primary', 'shadow', 'canary', 'unknown']).describe('What its answers are used for now.'),
  verdict,
  knownGood: z.boolean().describe('It held its gates for the stated time, once.'),
  knownGoodAtMs: timeMs
    .nullable()
    .describe(
      'When it becomes known good if it stays within budget; null: it is, or it is out of budget or has too few labels.',
    ),
  lines: z.array(budgetLineView),
  budgetWindowMs: z
    .number()
    .nullable()
    .describe('The window over which the lines are judged, milliseconds; null before there is a budget.'),
  windows: z.record(z.string(), z.array(figureView)).describe('Figures by window length in milliseconds.'),
});
export type VersionView = ViewOf<typeof versionView>;

export const releaseView = z.strictObject({
  atMs: timeMs.describe('When it began to serve.'),
  version: z.string(),
  from: z.string().describe('What served before; empty for the first.'),
  by: z.string().describe('A person, a pipeline, "responder"; empty when nobody said.'),
  incident: z.string().describe('The incident whose rollback it is; empty for an ordinary release.'),
  inferred: z.boolean().describe('No deployment event was sent: it was seen to answer as primary.'),
});
export type ReleaseView = ViewOf<typeof releaseView>;

export const alertSegmentView = z.strictObject({
  key: z.string(),
  value: z.string().describe('Empty where other is set.'),
  other: z.boolean().describe('It counts all values of the label together that are not told apart.'),
});

export const subjectView = z.strictObject({ kind: z.enum(subjectNames), name: z.string() });

export const alertView = z.strictObject({
  rule: z.string(),
  role: z
    .enum(['primary', 'shadow', 'canary', 'unknown'])
    .describe('In which role its version was judged: alerts on a shadow or a canary open no incident.'),
  title: z.string().describe('What it says: figure and limit, as in `Accuracy 62.8 %, limit 85 %`.'),
  version: z.string().describe('On which it is; empty on a job, an instance or a measurement.'),
  subject: subjectView.nullable().describe('The job, instance or measurement that it is on; null on a version.'),
  segment: alertSegmentView
    .nullable()
    .describe('Of a rule on a segment the one that it is on: a rule by pattern has an alert for each; null of others.'),
  state: z.enum(['inactive', 'pending', 'firing', 'resolved']),
  severity: z.string(),
  sinceMs: timeMs.describe('When the condition first held.'),
  changedAtMs: timeMs,
  reason: z.string(),
  inhibitedBy: z
    .string()
    .describe(
      'The rule whose alert holds it back while it is pending: it does not begin to fire. Empty: none. Its own rule: that has as many alerts firing as it may (mostAlerts).',
    ),
  summary: z.string().describe('The rule’s own sentence, filled in; empty if it has none.'),
  description: z.string().describe('Its second text; empty if it has none.'),
  labels: z.record(z.string(), z.string()).describe('Those of the rule.'),
  limit: z.number().describe('Of the level that its severity is.'),
  figure: figureView.nullable(),
  noDataSinceMs: timeMs
    .nullable()
    .describe('It fires, but since then there are too few samples to say whether it still should; else null.'),
});
export type AlertView = ViewOf<typeof alertView>;

export const comparisonView = z.strictObject({
  first: z.string(),
  second: z.string(),
  serving: z.string().describe('Which of them serves; empty if neither does.'),
  sinceMs: timeMs.describe('Of the predictions that count.'),
  pairs: z.number(),
  firstCorrect: z.number(),
  secondCorrect: z.number(),
  difference: z.number().describe('first − second, correct answers an input.'),
  lower: z.number().nullable().describe('Valid at every look; null below the minimum of pairs.'),
  upper: z.number().nullable(),
  designEffect: z.number(),
  heldBackByDependence: z
    .boolean()
    .describe('The bound holds 0, and would not if the inputs were independent of each other.'),
});
export type ComparisonView = ViewOf<typeof comparisonView>;

export const revenueView = z.strictObject({
  servingVersion: z.string(),
  projectedPerDayUsd: usd.nullable(),
  earnedUsd: usd.nullable().describe('US dollars; null, as all money, where nobody declared what an answer is worth.'),
  efficiencyScore: z.number().nullable().describe('Net revenue ÷ (infrastructure + model cost); null without costs.'),
  lossPerMinuteUsd: usd.nullable(),
});
export type RevenueView = ViewOf<typeof revenueView>;

export const protectedView = z.strictObject({
  incident: z.string(),
  from: z.string(),
  to: z.string(),
  sinceMs: timeMs,
  inputs: z.number(),
  usd: usd.nullable(),
});
export type ProtectedView = ViewOf<typeof protectedView>;

export const countsView = z.strictObject({
  predictions: z.number(),
  outcomes: z.number().describe('Joined to at least one prediction.'),
  labelled: z.number(),
  duplicates: z.number(),
  orphans: z.number(),
  tooLate: z.number(),
  outcomesUnmatched: z
    .number()
    .describe('Accepted, but labelled nothing when they came: no prediction with a class was known of their input.'),
  labelsOfOtherTask: z
    .number()
    .describe("Labels that do not suit the model's task: a number for a classifier, a class for a regression."),
});
export type CountsView = ViewOf<typeof countsView>;

export const ruleLimitsView = z.strictObject({
  rule: z.string(),
  metric: z.string(),
  comparator: z.enum(['below', 'above']).nullable(),
  levels: z
    .array(z.strictObject({ severity: z.string(), limit: z.number() }))
    .describe('Mildest first; one of a rule without levels.'),
});
export type RuleLimitsView = ViewOf<typeof ruleLimitsView>;

export const modelView = z.strictObject({
  model: z.string(),
  declared: z
    .boolean()
    .describe('Whether somebody defined it; otherwise the default budget watches it, and nobody is paged.'),
  task: z.enum(taskTypes).describe('What it answers: it decides which metrics the model has.'),
  serving: z.string(),
  verdict,
  versions: z.array(versionView).describe('What serves first.'),
  limits: z
    .array(ruleLimitsView)
    .describe(
      'At which figures of all its traffic rules alert on the version that serves; without those that compare with a baseline.',
    ),
  releases: z.array(releaseView).describe('What served when, the oldest first; of too many the newest.'),
  alerts: z.array(alertView).describe('The newest change first.'),
  comparisons: z.array(comparisonView).describe('Since the version that serves began to serve.'),
  revenue: revenueView.nullable(),
  protectedValue: z.array(protectedView),
  counts: countsView,
  openIncidents: z.array(z.string()),
  jobs: z.number().describe('How many training jobs are known of it.'),
  instances: z.number().describe('How many instances are known of it.'),
  measurements: z.number().describe('How many measurements are known of it.'),
});
export type ModelView = ViewOf<typeof modelView>;

export const historyPoint = z.strictObject({
  atMs: timeMs,
  version: z.string(),
  serving: z.boolean(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  samples: z.number(),
});
/** A point of a version's history: one window figure at a time. */
export type HistoryPoint = ViewOf<typeof historyPoint>;

export const historyView = z.strictObject({
  metric: z.string(),
  by: z
    .enum(['window', 'prediction-time'])
    .describe('Windows as they stood at each time, or closed buckets by the time of the predictions.'),
  windowMs: z.number().describe('Length of the window, or of the buckets added up into a point, milliseconds.'),
  windows: z.array(z.number()).describe('Over which windows this metric is known, milliseconds.'),
  byPredictionTimeSinceMs: timeMs
    .nullable()
    .describe('Since when it is known by prediction time, backfilled history included; null when it is not.'),
  points: z.array(historyPoint).describe('By time; thinned evenly when there are many.'),
});
export type HistoryView = ViewOf<typeof historyView>;
