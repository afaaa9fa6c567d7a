import { z } from 'zod';
import { subjectNames } from '@moola/metrics/subject-metric';
import { verdictNames } from '@moola/wording/verdict';
import type { ViewOf } from './view.js';
import { alertSegmentView } from './views.js';

/* What the read API answers of incidents. */

const timeMs = z.number().describe('Milliseconds since the epoch.');

export const timelineView = z.strictObject({
  number: z.number(),
  atMs: timeMs,
  kind: z.string().describe("opened, decision, verified, …: the kind of the incident's event."),
  text: z.string(),
});
export type TimelineView = ViewOf<typeof timelineView>;

export const decisionView = z.strictObject({
  atMs: timeMs,
  answer: z.enum(['hold', 'mitigate', 'roll back', 'undo']),
  from: z.string(),
  to: z.string().describe('Empty when there is no candidate.'),
  reason: z.string(),
  effect: z
    .enum(['none', 'awaited', 'verified', 'failed'])
    .describe('What came of it: nothing was asked for, it is not known yet, it helped, or it did not.'),
  evidence: z.string().describe('Of the effect; empty while there is none.'),
});
export type DecisionView = ViewOf<typeof decisionView>;

export const verdictView = z.strictObject({
  verdict: z.enum(verdictNames),
  note: z.string(),
  by: z.string(),
  byAuthenticated: z.boolean().describe('false: it is a name that the sender wrote.'),
  atMs: timeMs,
});
export type VerdictView = ViewOf<typeof verdictView>;

export const incidentSummaryView = z.strictObject({
  id: z.string(),
  model: z.string(),
  rule: z.string(),
  version: z.string().describe('On which it opened; empty of one about a job, an instance or a measurement.'),
  subject: z
    .strictObject({ kind: z.enum(subjectNames), name: z.string() })
    .nullable()
    .describe('The job, instance or measurement that it is about; null of one about a version.'),
  segment: alertSegmentView.nullable().describe('The segment that its rule is on; null of others.'),
  title: z.string().describe('What is wrong: figure, limit and version, as in `Accuracy 62.8 %, limit 85 %, v7`.'),
  summary: z.string().describe('The rule’s own sentence; empty if it has none.'),
  description: z.string().describe('Its second text; empty if it has none.'),
  labels: z.record(z.string(), z.string()).describe('Those of the rule.'),
  runbook: z.string().describe('Where it is written what to do; empty if the rule names none.'),
  severity: z.string(),
  gate: z
    .boolean()
    .describe('Whether its rule watches a gate of the budget: only then it has a cost, and a rollback is considered.'),
  tier: z.string(),
  state: z.enum(['open', 'acknowledged', 'resolved']),
  acknowledgedBy: z.string().describe('Empty while nobody has.'),
  acknowledgedByAuthenticated: z.boolean().describe('false: it is a name that the sender wrote.'),
  verdict: verdictView
    .nullable()
    .describe('Whether its alert was right, as a person said last; null while nobody has.'),
  openedAtMs: timeMs,
  breachAtMs: timeMs.describe('When the condition first held.'),
  resolvedAtMs: timeMs.nullable(),
  decision: decisionView.nullable().describe('The newest about a rollback.'),
  costUsd: z
    .number()
    .nullable()
    .describe('From its breach on, US dollars; null where nobody declared what an answer is worth; 0 without a gate.'),
  usdPerMinute: z.number().describe('What it costs now, US dollars a minute.'),
  number: z.number().describe('Of its newest event: a command names it.'),
  hasPostMortem: z.boolean(),
  noDataSinceMs: timeMs
    .nullable()
    .describe('Since when its alert fires without data, while it is open: whether it is still so is not known.'),
  url: z.string().describe('Where the page shows it; empty without `MOOLA_PUBLIC_URL`.'),
});
export type IncidentSummaryView = ViewOf<typeof incidentSummaryView>;

export const incidentView = incidentSummaryView.extend({ timeline: z.array(timelineView) });
export type IncidentView = ViewOf<typeof incidentView>;
