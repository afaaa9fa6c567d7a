import { create } from '@bufbuild/protobuf';
import { isEmpty } from '@moola/contracts/columns/segments';
import { watchesSubject } from '@moola/contracts/definitions/match';
import { ownEntry } from '@moola/contracts/own-entry';
import {
  AlertCondition,
  AlertFigureSchema,
  AlertState,
  FigureSchema,
  SubjectSchema,
  type Figure,
  type SubjectKind as WireKind,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import {
  measureSubject,
  type FiguresOf,
  type MeasuredSubject,
  type SubjectMetric,
  type SubjectName,
} from '@moola/metrics/subject-metric';
import { begins, endAlert, type AlertStep } from '@moola/rules/alert';
import { conditionOf, type Condition } from '@moola/rules/condition';
import { keepStep, transitionFact, type HeldAlerts } from '../rules/held-alerts.js';
import { newlyPublished } from '../rules/published-condition.js';
import { stepRule } from '../rules/step-rule.js';
import type { Publisher } from '../snapshots/publisher.js';
import type { SubjectRule, SubjectWatch } from './subject-rules.js';

/** The alerts on one job or instance. Plain data: JSON keeps it. */
export interface SubjectAlerts {
  /** By rule name. */
  readonly alerts: HeldAlerts;
  /** By rule name, of firing alerts without data: what was said of it last. */
  readonly missing: Record<string, AlertCondition>;
}

export const noAlerts = (): SubjectAlerts => ({ alerts: {}, missing: {} });

/** Whose alerts they are, and where they are published. */
export interface AlertsOf {
  readonly held: SubjectAlerts;
  readonly wire: WireKind;
  readonly name: string;
  readonly publisher: Publisher;
  readonly declared: boolean;
}

/** Brings every rule on a job or instance to a tick. @returns whether anything of what is kept has changed */
export function stepSubjectAlerts<S extends SubjectName>(
  of: AlertsOf,
  subject: S,
  { rules }: SubjectWatch,
  figures: FiguresOf[S],
  tickMs: number,
): boolean {
  const own = rules.filter(
    ({ metric, definition }) => metric.subject === subject && watchesSubject(definition, subject, of.name),
  );
  let changed = endSubjectAlerts(of, 'rule removed', new Set(own.map(({ name }) => name)), tickMs);
  for (const rule of own) {
    const { definition, name } = rule;
    const measured = measureSubject(rule.metric, figures, definition.windowMs);
    const condition = conditionOf(definition, measured);
    if (!begins(definition, condition) && ownEntry(of.held.alerts, name) === undefined) continue;
    const figure = figureOf(rule.metric, measured);
    const alert = stepRule(of.held.alerts, rule, condition, tickMs, (step) => {
      if (take(of, name, step, rule, figure, tickMs)) changed = true;
    });
    if (alert.state === AlertState.FIRING && sayWhetherMissing(of, name, condition, figure, tickMs)) changed = true;
  }
  return changed;
}

/** Ends the alerts of rules that are not among those that stay. */
export function endSubjectAlerts(
  of: AlertsOf,
  reason: 'rule removed' | 'ended',
  staying: ReadonlySet<string>,
  tickMs: number,
): boolean {
  const { alerts } = of.held;
  if (isEmpty(alerts)) return false;
  let changed = false;
  for (const name of Object.keys(alerts).sort()) {
    if (staying.has(name)) continue;
    if (take(of, name, endAlert(alerts[name]!, reason), null, undefined, tickMs)) changed = true;
  }
  return changed;
}

export function figureOf(metric: SubjectMetric, { value, samples, lower, upper }: MeasuredSubject): Figure {
  return create(FigureSchema, {
    ...{ metric: metric.name, samples },
    ...(value !== undefined && { value }),
    ...(lower !== undefined && { lower }),
    ...(upper !== undefined && { upper }),
  });
}

function take(
  { held, wire, name: subject, publisher, declared }: AlertsOf,
  name: string,
  step: AlertStep,
  rule: SubjectRule | null,
  figure: Figure | undefined,
  tickMs: number,
): boolean {
  if (!keepStep(held.alerts, name, step)) return false;
  const { transition } = step;
  if (transition === null) return true;
  delete held.missing[name];
  const of = { life: publisher.life, undeclared: !declared };
  const value = transitionFact(name, transition, rule?.definition, of);
  value.subject = create(SubjectSchema, { kind: wire, name: subject });
  if (rule && figure) value.figure = figure;
  publisher.share(tickMs, { case: 'alert', value });
  return true;
}

/** As of versions: a firing alert that goes on without data says so, and what holds once there is a figure again. */
function sayWhetherMissing(
  { held, wire, name: subject, publisher }: AlertsOf,
  rule: string,
  condition: Condition,
  figure: Figure,
  tickMs: number,
): boolean {
  const now = newlyPublished(ownEntry(held.missing, rule), condition);
  if (now === null) return false;
  if (now === AlertCondition.HOLDS) delete held.missing[rule];
  else held.missing[rule] = now;
  const value = create(AlertFigureSchema, { rule, condition: now, subject: { kind: wire, name: subject } });
  if (now !== AlertCondition.MISSING) value.figure = figure;
  publisher.share(tickMs, { case: 'alertFigure', value });
  return true;
}
