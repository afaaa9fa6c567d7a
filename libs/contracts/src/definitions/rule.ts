import type { z } from 'zod';
import { Compare, type RuleDefinition } from '../gen/moola/v1/definitions_pb.js';
import { annotationFields, annotationIssues } from './annotations.js';
import { comparatorOf, limitFields, oneLimit } from './comparators.js';
import {
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
  shown,
  text,
  type Issue,
} from './fields.js';
import { levelIssues, levelsField, levelsOf } from './levels.js';
import type { MessageInit } from './message-init.js';
import { matchField, ruleMatch, type MatchDocument } from './match.js';
import { missingPolicy } from './missing-policy.js';
import { ruleMetricNames, subjectMetricNamed } from '@moola/metrics/catalogue';
import { defaultMostAlerts, segmentLabelName } from './segment-match.js';
import { onSegment } from './segments.js';
import { severityNames, severityOf } from './severities.js';

const compares = {
  figure: Compare.FIGURE,
  bound: Compare.BOUND,
  ratioToBaseline: Compare.RATIO_TO_BASELINE,
  differenceToBaseline: Compare.DIFFERENCE_TO_BASELINE,
} as const;

const compareNames = ['figure', 'bound', 'ratioToBaseline', 'differenceToBaseline'] as const;

interface Condition {
  readonly metric?: unknown;
  readonly window?: unknown;
  readonly compare?: unknown;
  readonly confidence?: unknown;
  readonly onMissing?: unknown;
  readonly below?: number | undefined;
  readonly above?: number | undefined;
  readonly severity?: unknown;
  readonly levels?: unknown;
}

/** Of a bound, where nothing is said. */
export const defaultConfidence = 0.95;

export const confidenceWithoutEffect = {
  path: ['confidence'],
  error: 'has no effect with compare: figure (bound has one)',
  when: () => true,
};

/** What the names of the alerts of budget lines begin with. */
export const budgetRulePrefix = 'budget.';

interface OnSegments {
  readonly segment?: unknown;
  readonly match?: MatchDocument;
  readonly mostAlerts?: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** The label that its alerts carry beside those that it states; `null`: none. */
function segmentLabelOf({ match }: Pick<OnSegments, 'match'>): string | null {
  return match?.segment === undefined ? null : segmentLabelName(match.segment.key);
}

function segmentIssues(rule: OnSegments): Issue[] {
  const { segment, match, mostAlerts, labels } = rule;
  const label = segmentLabelOf(rule);
  if (match?.segment === undefined || label === null) {
    const without = 'has no effect without match.segment';
    return [
      ...(mostAlerts === undefined ? [] : [{ path: ['mostAlerts'], message: without }]),
      ...(match?.otherSegments ? [{ path: ['match', 'otherSegments'], message: without }] : []),
    ];
  }
  const twice = 'stands beside segment, which names one already: leave one of them out';
  const taken = `is the label of the segment (${match.segment.key}) as well: call it something else`;
  return [
    ...(segment === undefined ? [] : [{ path: ['match', 'segment'], message: twice }]),
    ...(Object.hasOwn(labels, label) ? [{ path: ['labels', label], message: taken }] : []),
  ];
}

/** What is read at an instant has no window. */
function needsWindow(metric: unknown): boolean {
  return typeof metric === 'string' && (subjectMetricNamed(metric)?.ofWindow ?? true);
}

/** `kind: Rule`. */
export const ruleSchema = section({
  name: text({ doc: 'The name of the alert. Names that begin with `budget.` are those of budget lines.' }).refine(
    (name) => !name.startsWith(budgetRulePrefix),
    {
      error: ({ input }) =>
        `${shown(input)} begins with "${budgetRulePrefix}", as the alerts of budget lines do: choose another name`,
    },
  ),
  model: text({ doc: 'The model that it watches; all models when left out.' }, modelPattern).optional(),
  match: matchField,
  metric: oneOf(
    {
      doc: 'The figure that it watches: of the version that serves, or, of a metric that begins with `job_`, `instance_` or `measurement_`, of every training job, instance or measurement of the model (`match` names measurements).',
    },
    ruleMetricNames as readonly [string, ...string[]],
  ),
  window: duration(
    {
      doc: 'Over which the figure is read. Metrics of jobs, instances and measurements that are read at an instant have none.',
    },
    { positive: true },
  ).optional(),
  segment: onSegment,
  compare: oneOf(
    {
      doc: 'What is compared: the bare figure; the side of its interval that speaks against an alert; its ratio or its difference to the figure when the version was known good.',
    },
    compareNames,
  ).default('figure'),
  confidence: number(
    { doc: 'One-sided confidence of the bound, for `compare: bound` only; 0.95 when left out.' },
    { least: 0.5, most: 0.9999 },
  ).optional(),
  ...limitFields,
  onMissing: flag({
    doc: 'The condition is that there are fewer samples than the minimum; it has no limit then.',
  }).default(false),
  for: duration({ doc: 'How long the condition must hold before the alert fires.' }).prefault('5m'),
  keepFiringFor: duration({ doc: 'How long the condition must be gone before the alert is resolved.' }).prefault('5m'),
  severity: oneOf({ doc: 'How bad it is. Either this, with a limit, or `levels`.' }, severityNames).optional(),
  levels: levelsField,
  unless: list(
    {
      doc: 'Names of rules. While the alert of one of them fires on the same version, this alert does not begin to fire: it stays pending, and is shown as inhibited. One that fires already goes on.',
    },
    text({ doc: 'A rule.' }),
    'names of rules',
  ).default([]),
  missing: missingPolicy({
    doc: 'What becomes of the alert while there are fewer samples than the minimum: `keep`, it neither begins nor ends (a pending one does end); `alert after 10m`, it fires as well once that has lasted so long.',
  }).prefault('keep'),
  mostAlerts: count(
    {
      doc: 'Of a rule with `match.segment`: so many of its alerts fire on one version at a time. Further ones stay pending, and are shown as held back.',
      unit: 'alerts',
      fallback: defaultMostAlerts,
    },
    { least: 1, most: 1000 },
  ).optional(),
  longestGap: duration(
    {
      doc: 'Nobody looked while the process was down: a gap between ticks that is longer does not count towards `for` and `keepFiringFor`.',
    },
    { positive: true },
  ).prefault('5m'),
  minimumSamples: count(
    {
      doc: 'With fewer samples (positives, for precision and recall; reports of a job or an instance; values of a measurement) nothing is decided.',
      unit: 'samples',
      fallback: '`30`, `1` for metrics of jobs, instances and measurements',
    },
    { least: 1 },
  ).optional(),
  ...annotationFields,
  runbook: text({ doc: 'Where it is written what to do.' }, sentencePattern).default(''),
})
  .refine(
    (rule: Condition) => rule.onMissing === true || rule.levels !== undefined || oneLimit.check(rule),
    oneLimit.params,
  )
  .refine(({ severity, levels }: Condition) => severity !== undefined || levels !== undefined, {
    path: ['severity'],
    error: `is missing: expected one of ${severityNames.join(', ')}`,
    when: () => true,
  })
  .check(issuesOf((value) => [...levelIssues(value), ...annotationIssues(value, segmentLabelOf(value))]))
  .check(issuesOf(segmentIssues))
  .refine(({ model, match }) => model === undefined || match?.model === undefined, {
    path: ['match', 'model'],
    error: 'stands beside model, which names one already: leave one of them out',
  })
  .refine(({ onMissing, missing }) => !onMissing || missing === 0, {
    path: ['missing'],
    error: 'has no effect with onMissing: true, whose condition it is that data is missing',
  })
  .refine(({ metric, window }: Condition) => window !== undefined || !needsWindow(metric), {
    path: ['window'],
    error: 'is missing: expected a duration such as "5m", "30s", "24h" or "1d"',
    when: () => true,
  })
  .refine((rule: Condition) => rule.onMissing !== true || (rule.below === undefined && rule.above === undefined), {
    error: 'has a limit beside onMissing: true, which needs none',
    when: () => true,
  })
  .refine(
    ({ compare, confidence }: Condition) => compare !== 'figure' || confidence === undefined,
    confidenceWithoutEffect,
  );

export type RuleDocument = z.output<typeof ruleSchema>;

export function ruleDefinition(document: RuleDocument): MessageInit<RuleDefinition> {
  const levels = levelsOf(document.levels ?? [], document.for);
  return {
    model: document.model ?? '',
    ...ruleMatch(document.match, document.mostAlerts),
    metric: document.metric,
    windowMs: document.window ?? 0,
    compare: compares[document.compare],
    confidence: document.confidence ?? defaultConfidence,
    comparator: comparatorOf(document.levels?.[0] ?? document).comparator,
    ...(levels[0] ?? {
      limit: comparatorOf(document).limit,
      forMs: document.for,
      severity: severityOf(document.severity ?? 'info'),
    }),
    levels,
    keepFiringForMs: document.keepFiringFor,
    unless: document.unless,
    alertOnMissingAfterMs: document.missing,
    longestGapMs: document.longestGap,
    minimumSamples: document.minimumSamples ?? (subjectMetricNamed(document.metric) === undefined ? 30 : 1),
    onMissing: document.onMissing,
    labels: document.labels,
    summary: document.summary,
    description: document.description,
    runbook: document.runbook,
    ...(document.segment && { segment: document.segment }),
  };
}
