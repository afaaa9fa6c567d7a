import { severityName } from '@moola/contracts/definitions/severities';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { alertStateName, type AlertStateName } from '@moola/wording/alert-state';
import { namedSegment, type NamedSegment } from '@moola/wording/segments';
import { namedSubject, type NamedSubject } from '@moola/wording/subject';
import { alertRules } from '@moola/rules/alert-rules';
import { unevaluatedRules } from '../story/rule-evaluations.js';
import { unevaluatedReason } from '../story/summary.js';
import { isWithin, type BacktestInputs } from './backtest-inputs.js';
import { compareFirings } from './domain/compare.js';
import { firingMs, firingsOf, type Firing } from './domain/firings.js';
import { score, united, type Score, type Span } from './domain/score.js';
import type { ModelFacts, TransitionFact } from './model-facts.js';
import type { TriedFacts } from './run-backtest.js';
import type { RealIncident } from './truth-file.js';

/** What a backtest says: `moola backtest --json`. `docs/backtest.md` has its fields; they are added to, and never change. */
export interface BacktestReport extends TriedReport {
  readonly format: 1;
  readonly log: string;
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  /** Rows of the log that were left out. */
  readonly refused: number;
  /** `null`: one set of definitions was tried. */
  readonly against: ComparedReport | null;
}

export interface ComparedReport extends TriedReport {
  readonly difference: DifferenceReport;
}

export interface TriedReport {
  readonly definitions: string;
  readonly counts: Readonly<Record<'predictions' | 'outcomes' | 'labelled' | 'duplicates' | 'unusable', number>>;
  readonly transitions: readonly TransitionReport[];
  readonly rules: readonly RuleReport[];
  readonly models: readonly ModelReport[];
}

export interface TransitionReport {
  readonly at: string;
  readonly model: string;
  readonly rule: string;
  /** Empty of an alert on a job or an instance. */
  readonly version: string;
  /** The job or instance that the alert is on; `null` of one on a version. */
  readonly subject: NamedSubject | null;
  /** Of a rule on segments by pattern the segment that the alert is on; `null` of other rules. */
  readonly segment: NamedSegment | null;
  readonly severity: string;
  readonly from: AlertStateName;
  readonly to: AlertStateName;
  /** When its condition first held without a break. */
  readonly since: string;
  readonly reason: string;
  readonly metric: string;
  readonly windowSeconds: number;
  /** `null`: the window held too little. */
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly samples: number | null;
  readonly limit: number;
  /** Of rules that compare with a version that is known good. */
  readonly baseline: number | null;
}

export interface RuleReport {
  readonly model: string;
  readonly rule: string;
  readonly metric: string;
  readonly severity: string;
  readonly fired: number;
  readonly firingSeconds: number;
  readonly firingAtEnd: boolean;
  /** Why it was never evaluated; `null`: it was. */
  readonly neverEvaluated: string | null;
  /** `null`: nobody said when the model really was bad. */
  readonly score: ScoreReport | null;
}

/** All rules of a model together. */
export interface ModelReport {
  readonly model: string;
  readonly firingSeconds: number;
  readonly score: ScoreReport | null;
}

export interface ScoreReport extends Pick<Score, 'trueFirings' | 'falseFirings' | 'detected' | 'precision' | 'recall'> {
  readonly missed: readonly SpanReport[];
  readonly medianDelaySeconds: number | null;
  readonly worstDelaySeconds: number | null;
}

export interface SpanReport {
  readonly from: string;
  readonly to: string;
}

export interface FiringReport extends SpanReport {
  readonly model: string;
  readonly rule: string;
  readonly version: string;
  readonly subject: NamedSubject | null;
  readonly segment: NamedSegment | null;
  readonly firingAtEnd: boolean;
}

/** How the firings differ from those of the other definitions. */
export interface DifferenceReport {
  /** Of both; negative: the first definitions fired, or ended, so much earlier. */
  readonly both: readonly (FiringReport & {
    readonly beginsSecondsLater: number;
    readonly endsSecondsLater: number;
  })[];
  readonly only: readonly FiringReport[];
  readonly onlyAgainst: readonly FiringReport[];
}

/**
 * @param facts of the definitions that are tried, and of those that they are compared with
 * @param graceMs see `score`
 */
export function reportOf(
  log: string,
  inputs: BacktestInputs,
  facts: readonly TriedFacts[],
  graceMs: number,
): BacktestReport {
  const [first, second] = facts.map((each) => sideOf(inputs, each, graceMs));
  if (first === undefined) throw new Error('no definitions were tried');
  return {
    ...{ format: 1, log },
    ...{ from: iso(inputs.fromMs), to: iso(inputs.toMs), stepSeconds: inputs.schedule.stepMs / 1000 },
    refused: inputs.refused.count,
    ...first.report,
    against:
      second === undefined ? null : { ...second.report, difference: differenceOf(first.firings, second.firings) },
  };
}

interface Side {
  readonly report: TriedReport;
  readonly firings: readonly Firing[];
}

function sideOf(inputs: BacktestInputs, { tried, models, unusable }: TriedFacts, graceMs: number): Side {
  const { toMs, incidents } = inputs;
  const transitions = [...models].flatMap(([model, facts]) =>
    facts.transitions.map((fact) => ({ ...fact, model, isFiring: fact.alert.to === AlertState.FIRING })),
  );
  transitions.sort((a, b) => a.atMs - b.atMs);
  const changes = transitions.map(({ atMs, model, isFiring, alert: { rule, version, subject, segment } }) => ({
    ...{ atMs, model, isFiring, rule, version, subject: namedSubject(subject) ?? null },
    segment: namedSegment(segment) ?? null,
  }));
  const firings = firingsOf(changes, toMs);
  const scoreOf = (ofModel: readonly Firing[], isAsked: (incident: RealIncident) => boolean) =>
    incidents === null ? null : scoreReport(score(ofModel, spansOf(inputs, incidents.filter(isAsked)), graceMs));
  const count = (name: 'predictions' | 'outcomes' | 'labelled' | 'duplicates') =>
    [...models.values()].reduce((sum, { counts }) => sum + (counts?.[name] ?? 0), 0);
  const rules = [...models].flatMap(([model, facts]) => {
    const unevaluated = unevaluatedRules(model, tried.definitions, facts.samples, facts.hasKnownGood);
    return [...rulesOf(model, tried.definitions, facts)]
      .map(([rule, definition]): RuleReport => {
        const fired = firings.filter((each) => each.model === model && each.rule === rule);
        const silent = unevaluated.find(({ name }) => name === rule);
        return {
          ...{ model, rule, metric: definition.metric, severity: severityName(definition.severity) },
          ...{ fired: fired.length, firingSeconds: firingMs(fired) / 1000 },
          firingAtEnd: fired.some(({ isOpen }) => isOpen),
          neverEvaluated: silent === undefined || fired.length > 0 ? null : unevaluatedReason(silent),
          score: scoreOf(fired, (each) => each.model === model && (each.rule === '' || each.rule === rule)),
        };
      })
      .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  });
  const report: TriedReport = {
    definitions: tried.file,
    counts: {
      ...{ predictions: count('predictions'), outcomes: count('outcomes'), labelled: count('labelled') },
      ...{ duplicates: count('duplicates'), unusable },
    },
    transitions: transitions.map((each) => transitionReport(each.model, each)),
    rules,
    models: tried.models.map((model) => {
      const ofModel = firings.filter((each) => each.model === model);
      const asked = (each: RealIncident) => each.model === model;
      return { model, firingSeconds: firingMs(ofModel) / 1000, score: scoreOf(ofModel, asked) };
    }),
  };
  return { report, firings };
}

/** Those that are defined, and the default rules on jobs and instances that alerted. */
function rulesOf(model: string, definitions: readonly Definition[], { transitions }: ModelFacts) {
  const rules = new Map(alertRules(model, definitions));
  for (const { alert } of transitions) {
    if (alert.definition && !rules.has(alert.rule)) rules.set(alert.rule, alert.definition);
  }
  return rules;
}

/** The incidents within the log, those that overlap as one. */
function spansOf(inputs: BacktestInputs, incidents: readonly RealIncident[]): readonly Span[] {
  const inside = incidents.filter((each) => isWithin(inputs, each));
  return united(inside.map((each) => ({ fromMs: each.fromMs, toMs: Math.min(each.toMs, inputs.toMs) })));
}

function transitionReport(model: string, { atMs, alert }: TransitionFact): TransitionReport {
  const { rule, version, severity, from, to, sinceMs, reason, limit, figure, baseline, definition } = alert;
  return {
    ...{ at: iso(atMs), model, rule, version, subject: namedSubject(alert.subject) ?? null },
    segment: namedSegment(alert.segment) ?? null,
    severity: severityName(severity),
    ...{ from: alertStateName[from], to: alertStateName[to], since: iso(sinceMs), reason },
    ...{ metric: definition?.metric ?? '', windowSeconds: (definition?.windowMs ?? 0) / 1000 },
    ...{ value: figure?.value ?? null, lower: figure?.lower ?? null, upper: figure?.upper ?? null },
    ...{ samples: figure?.samples ?? null, limit, baseline: baseline ?? null },
  };
}

function scoreReport({ missed, delay, ...score }: Score): ScoreReport {
  return {
    ...score,
    missed: missed.map(spanReport),
    medianDelaySeconds: delay === null ? null : delay.medianMs / 1000,
    worstDelaySeconds: delay === null ? null : delay.worstMs / 1000,
  };
}

function differenceOf(first: readonly Firing[], second: readonly Firing[]): DifferenceReport {
  const { both, onlyFirst, onlySecond } = compareFirings(first, second);
  return {
    both: both.map((pair) => ({
      ...firingReport(pair.first),
      beginsSecondsLater: (pair.first.fromMs - pair.second.fromMs) / 1000,
      endsSecondsLater: (pair.first.toMs - pair.second.toMs) / 1000,
    })),
    only: onlyFirst.map(firingReport),
    onlyAgainst: onlySecond.map(firingReport),
  };
}

const firingReport = ({ model, rule, version, subject, segment, isOpen, ...span }: Firing): FiringReport => ({
  ...{ model, rule, version, subject, segment, ...spanReport(span), firingAtEnd: isOpen },
});

const spanReport = ({ fromMs, toMs }: Span): SpanReport => ({ from: iso(fromMs), to: iso(toMs) });

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
