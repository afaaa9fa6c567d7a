import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Comparator, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { KpiSchema, type Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { AlertCondition, AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import {
  BudgetVerdict,
  SnapshotSchema,
  type FigureSchema,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

type SnapshotInit = MessageInitShape<typeof SnapshotSchema>;
type FigureInit = MessageInitShape<typeof FigureSchema>;

export const model = 'Fraud';
export const minute = 60_000;

export const accuracy = (value: number): FigureInit => ({
  ...{ metric: 'accuracy', value, samples: 180, effectiveSamples: 9 },
  ...{ lower: value - 0.1, upper: value + 0.1 },
});

const snapshot = (atMs: number, kind: SnapshotInit['kind']): Snapshot =>
  create(SnapshotSchema, { atMs, model, ...(kind && { kind }) });

export function windowOf(
  atMs: number,
  version: string,
  value: number,
  role: 'serves' | 'shadow',
  windowMs = 30 * minute,
): Snapshot {
  return snapshot(atMs, {
    case: 'window',
    value: {
      ...{ version, windowMs, serving: role === 'serves', figures: [accuracy(value)] },
      role: role === 'serves' ? Role.PRIMARY : Role.SHADOW,
    },
  });
}

const accuracyLimits = {
  ...{ rule: 'AccuracyDrop', metric: 'accuracy', comparator: Comparator.BELOW },
  levels: [
    { severity: Severity.WARNING, limit: 0.85 },
    { severity: Severity.CRITICAL, limit: 0.8 },
  ],
};

export function budgetOf(atMs: number, version: string, value: number, serving: boolean, undeclared = false): Snapshot {
  const verdict = value < 0.8 ? BudgetVerdict.OUT : BudgetVerdict.WITHIN;
  const line = { metric: 'accuracy', verdict, gate: true, severity: Severity.CRITICAL, limit: 0.8 };
  return snapshot(atMs, {
    case: 'budget',
    value: {
      version,
      verdict,
      serving,
      undeclared,
      knownGood: true,
      windowMs: 30 * minute,
      lines: [{ ...line, figure: accuracy(value) }],
      ...(serving && { limits: [accuracyLimits] }),
    },
  });
}

/** Two segments, of which `us` is worse, and two classes. */
export function breakdownOf(atMs: number, version: string, serving: boolean): Snapshot {
  const segment = (value: string, right: number, worse: boolean) => ({
    ...{ key: 'country', value, worse, difference: worse ? -0.3 : 0.3, adjustedPValue: worse ? 0.00002 : 0.9 },
    figures: [{ ...accuracy(right), samples: 90 }],
  });
  return snapshot(atMs, {
    case: 'breakdown',
    value: {
      ...{ version, serving, windowMs: 30 * minute, compared: 'accuracy' },
      segments: [segment('de', 0.9, false), segment('us', 0.6, true), { key: 'country', other: true }],
      classes: [
        { name: 'fraud', truths: 20, answered: 30, right: 15 },
        { other: true, truths: 160, answered: 150, right: 145 },
      ],
      confusion: [
        { answered: 0, truth: 0, count: 15 },
        { answered: 0, truth: 1, count: 15 },
        { answered: 1, truth: 0, count: 5 },
        { answered: 1, truth: 1, count: 145 },
      ],
      scores: [{ from: 0.9, to: 1, count: 20, meanScore: 0.95, cameTrue: 15 }],
    },
  });
}

/** Residuals of a regression. */
export function residualsOf(atMs: number, version: string): Snapshot {
  const bars = [
    { from: -8, to: -4, count: 30 },
    { from: -4, to: 0, count: 60 },
    { from: 0, to: 4, count: 9 },
  ];
  return snapshot(atMs, {
    case: 'breakdown',
    value: {
      ...{ version, serving: true, windowMs: 30 * minute, compared: 'mae' },
      residuals: { count: 100, bias: -2.25, bars, below: 1 },
    },
  });
}

export function deploymentOf(atMs: number, version: string, role: Role, by: string, incident = ''): Snapshot {
  const time = timestampFromMs(atMs);
  return snapshot(atMs, {
    case: 'deployment',
    value: { model, version, build: `${version}-1`, role, time, by, incident },
  });
}

export function alertOf(atMs: number, version: string, to: AlertState, value: number): Snapshot {
  return snapshot(atMs, {
    case: 'alert',
    value: {
      ...{ rule: 'AccuracyDrop', version, to, severity: Severity.CRITICAL, sinceMs: atMs - 5 * minute, limit: 0.8 },
      ...{ reason: 'condition held', summary: 'Accuracy is low', gate: true, figure: accuracy(value) },
    },
  });
}

/** The same of a rule on countries by pattern. */
export function segmentAlertOf(atMs: number, version: string, country: string, to: AlertState): Snapshot {
  const { kind } = alertOf(atMs, version, to, 0.5);
  const segment = { key: 'country', value: country };
  if (kind.case !== 'alert') throw new Error('no alert');
  const { figure, limit, severity, sinceMs } = kind.value;
  return snapshot(atMs, {
    case: 'alert',
    value: {
      ...{ rule: 'ByCountry', version, to, limit, severity, sinceMs, segment, ...(figure && { figure }) },
      definition: { metric: 'accuracy', segment, labels: { country } },
    },
  });
}

export function alertFigureOf(atMs: number, version: string, condition: AlertCondition): Snapshot {
  return snapshot(atMs, { case: 'alertFigure', value: { rule: 'AccuracyDrop', version, condition } });
}

/** A closed bucket of a version that serves. */
export const bucketOf = (
  version: string,
  startMs: number,
  revision: number,
  counts: { predictions: number; errors?: number; labelled?: number; correct?: number },
): Snapshot =>
  snapshot(startMs + minute, {
    case: 'bucket',
    value: { version, role: Role.PRIMARY, startMs, lengthMs: minute, revision, ...counts },
  });

export const countsOf = (atMs: number, predictions: number): Snapshot =>
  snapshot(atMs, { case: 'counts', value: { predictions, outcomes: predictions - 1, labelled: predictions - 1 } });

export function comparisonOf(atMs: number, sinceMs: number, serving: string, difference: number): Signal {
  return create(SignalSchema, {
    ...{ atMs, model },
    kind: {
      case: 'comparison',
      value: {
        ...{ first: 'v1', second: 'v2', serving, sinceMs, pairs: 186, firstCorrect: 120, secondCorrect: 26 },
        ...{ difference, lower: difference - 0.4, upper: difference + 0.4, designEffect: 12 },
      },
    },
  });
}

export const revenueOf = (atMs: number, earnedUsd: number): Kpi =>
  create(KpiSchema, {
    ...{ atMs, model },
    kind: {
      case: 'revenue',
      value: { servingVersion: 'v2', projectedPerDayUsd: 290, earnedUsd, lossPerMinuteUsd: 0.07 },
    },
  });

export const protectedOf = (atMs: number, usd: number): Kpi =>
  create(KpiSchema, {
    ...{ atMs, model },
    kind: {
      case: 'protectedValue',
      value: { incident: 'Fraud~AccuracyDrop~1', from: 'v2', to: 'v1', sinceMs: atMs, inputs: 10, usd },
    },
  });
