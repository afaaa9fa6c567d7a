import { comparesBaseline } from '@moola/contracts/definitions/compares';
import { create } from '@bufbuild/protobuf';
import { judgesWhatServes } from '@moola/contracts/definitions/match';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { isEmpty } from '@moola/contracts/columns/segments';
import { ownEntry } from '@moola/contracts/own-entry';
import { Compare } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertCondition, AlertFigureSchema, AlertState, type Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { alertDueMs, begins, endAlert, type AlertStep } from '@moola/rules/alert';
import { conditionOf, type Condition, type Reading } from '@moola/rules/condition';
import { ratioOf } from '@moola/metrics/fraction';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import type { WatchedRule } from '../models/watched-model.js';
import { figureOf, twoSided95 } from '../snapshots/figure.js';
import { judgedRole, judges } from './judged-versions.js';
import { keepStep, pauseHeld, transitionFact } from './held-alerts.js';
import { newlyPublished } from './published-condition.js';
import { stepRule } from './step-rule.js';
import type { Publisher } from '../snapshots/publisher.js';
import { exactlyOf, measure } from '@moola/metrics/catalogue';
import { effectiveSamples, intervalOf } from '../windows/intervals.js';

/** Ends the alerts of versions that no rule judges any more, then brings every rule to the tick for those that it judges. */
export function evaluateRules(model: ModelState, tickMs: number, publisher: Publisher): void {
  const { serving } = model;
  const { ruleNames, judgesWhatServes } = model.watched;
  for (const version of model.versionsByName()) {
    if (version !== serving) endAlerts(model, version, tickMs, publisher);
  }
  if (serving !== null) {
    endAlerts(model, serving, tickMs, publisher);
    evaluateVersion(model, serving, tickMs, publisher);
  }
  if (judgesWhatServes || ruleNames.size === 0) return;
  for (const version of model.versionsByName()) {
    if (version !== serving) evaluateVersion(model, version, tickMs, publisher);
  }
}

function evaluateVersion(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  const { conditions } = version;
  const { rules, judgesWhatServes } = model.watched;
  const role = judgesWhatServes ? 'primary' : judgedRole(model, version);
  if (version.judgedAs !== role) {
    version.judgedAs = role;
    conditions.clear();
  }
  const { alerts } = version.record;
  const hasNone = isEmpty(alerts);
  rules.forEach((rule, i) => {
    const applies = judgesWhatServes || judges(model, version, rule);
    if (conditions.isStale(i, rule.metric.restsOn)) {
      conditions.set(i, applies ? conditionOf(rule.definition, readingOf(model, version, rule)) : 0);
    }
    const condition = conditions.get(i);
    if (!applies) return;
    // Nearly all of them, at every tick.
    if (!begins(rule.definition, condition) && (hasNone || ownEntry(alerts, rule.name) === undefined)) return;
    evaluateRule(model, version, rule, condition, tickMs, publisher);
  });
  conditions.refreshed();
}

function evaluateRule(
  model: ModelState,
  version: VersionState,
  rule: WatchedRule,
  condition: Condition,
  tickMs: number,
  publisher: Publisher,
): void {
  const alert = stepRule(version.record.alerts, rule, condition, tickMs, (step) =>
    take(model, version, rule.name, step, tickMs, publisher),
  );
  if (alert.state === AlertState.FIRING) sayWhetherMissing(model, version, rule, condition, tickMs, publisher);
}

/** Nobody looked for so long: that time counts neither as held nor as recovered, where the rule takes it for a gap. */
export function pauseAlerts(model: ModelState, gapMs: number): boolean {
  let paused = false;
  for (const version of model.versionsByName()) {
    const { alerts } = version.record;
    if (isEmpty(alerts) || !pauseHeld(alerts, model.watched.rules, gapMs)) continue;
    version.unsaved = true;
    paused = true;
  }
  return paused;
}

/** When an alert changes though nothing happens. */
export function alertsDueMs(model: ModelState): number {
  let due = Infinity;
  for (const version of model.versionsByName()) {
    const { alerts } = version.record;
    if (isEmpty(alerts)) continue;
    for (const rule of model.watched.rules) {
      const alert = ownEntry(alerts, rule.name);
      if (alert) due = Math.min(due, alertDueMs(alert, rule.definition) ?? Infinity);
    }
  }
  return due;
}

function endAlerts(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  const { alerts } = version.record;
  if (isEmpty(alerts)) return;
  const { rules, ruleNames, judgesWhatServes } = model.watched;
  const isServing = model.isServing(version);
  const stays = judgesWhatServes
    ? isServing
      ? ruleNames
      : new Set<string>()
    : new Set(rules.filter((rule) => judges(model, version, rule)).map(({ name }) => name));
  const ends = Object.keys(alerts).filter((name) => !stays.has(name));
  for (const name of ends.sort()) {
    const alert = alerts[name];
    const isGone = !ruleNames.has(name) && (isServing || !judgesWhatServes);
    if (alert) take(model, version, name, endAlert(alert, isGone ? 'rule removed' : 'replaced'), tickMs, publisher);
  }
}

function readingOf(model: ModelState, version: VersionState, { definition, metric, z }: WatchedRule): Reading {
  const { windowMs, compare } = definition;
  const part = version.part(definition.segment);
  const view = part.view(windowMs);
  const samples = metric.samples(view);
  if (samples < definition.minimumSamples) return { value: undefined, samples };
  const measured = measure(metric, view);
  if (compare !== Compare.BOUND) {
    const counts = version.record.baselineCounts?.[metric.name];
    return {
      ...measured,
      exactly: () => exactlyOf(metric, view),
      baseline: version.record.baseline?.[metric.name],
      baselineExactly: () => counts && ratioOf(...counts),
    };
  }
  const labels = part.labelTier(windowMs);
  const effective = effectiveSamples(metric, measured, { model: model.watched.definition, windowMs, labels });
  const bounds = intervalOf(metric, view, measured, effective, z);
  return { ...measured, lower: bounds?.lower, upper: bounds?.upper };
}

function take(
  model: ModelState,
  version: VersionState,
  name: string,
  step: AlertStep,
  tickMs: number,
  publisher: Publisher,
): void {
  if (!keepStep(version.record.alerts, name, step)) return;
  version.unsaved = true;
  const { transition } = step;
  if (transition === null) return;
  forgetMissing(version, name);
  const rule = model.watched.rules.find((each) => each.name === name);
  const undeclared = !model.watched.declared;
  const value = transitionFact(name, transition, rule?.definition, { life: publisher.life, undeclared });
  value.version = version.name;
  value.role = model.isServing(version) ? Role.UNSPECIFIED : roleOf(rule, version);
  if (rule) {
    value.figure = shownFigure(model, version, rule);
    value.gate = rule.gate;
    const baseline = comparesBaseline(rule.definition.compare)
      ? version.record.baseline?.[rule.metric.name]
      : undefined;
    if (baseline !== undefined) value.baseline = baseline;
  }
  publisher.share(tickMs, { case: 'alert', value });
}

/** Of a version that serves, or did until now, nothing is said. */
function roleOf(rule: WatchedRule | undefined, { record }: VersionState): Role {
  const isOther = rule !== undefined && !judgesWhatServes(rule.definition);
  return isOther && (record.role === Role.SHADOW || record.role === Role.CANARY) ? record.role : Role.UNSPECIFIED;
}

/** A firing alert goes on without data: those who act on it hear of that, and of what holds once there is a figure again. */
function sayWhetherMissing(
  model: ModelState,
  version: VersionState,
  rule: WatchedRule,
  condition: Condition,
  tickMs: number,
  publisher: Publisher,
): void {
  const { record } = version;
  const now = newlyPublished(ownEntry(record.missingFigures, rule.name), condition);
  if (now === null) return;
  if (now === AlertCondition.HOLDS) forgetMissing(version, rule.name);
  else record.missingFigures = { ...record.missingFigures, [rule.name]: now };
  version.unsaved = true;
  const value = create(AlertFigureSchema, { rule: rule.name, version: version.name, condition: now });
  if (now !== AlertCondition.MISSING) value.figure = shownFigure(model, version, rule);
  publisher.share(tickMs, { case: 'alertFigure', value });
}

function forgetMissing({ record }: VersionState, rule: string): void {
  const { missingFigures } = record;
  if (missingFigures === undefined || !Object.hasOwn(missingFigures, rule)) return;
  const { [rule]: _, ...others } = missingFigures;
  if (isEmpty(others)) delete record.missingFigures;
  else record.missingFigures = others;
}

/** The figure that a rule looks at, with the bounds that it compares. */
function shownFigure(model: ModelState, version: VersionState, { definition, metric, z }: WatchedRule): Figure {
  const { windowMs, compare } = definition;
  const part = version.part(definition.segment);
  const view = part.view(windowMs);
  const measured = measure(metric, view);
  return figureOf(model, part, view, metric, measured, compare === Compare.BOUND ? z : twoSided95);
}
