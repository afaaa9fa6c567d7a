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
import { ruleOfAlert, segmentOfAlert } from './alert-names.js';
import { FiringAlerts } from './firing-alerts.js';
import { keepStep, pauseHeld, segmentMessage, transitionFact, type HeldAlerts } from './held-alerts.js';
import { newlyPublished } from './published-condition.js';
import { stepRule } from './step-rule.js';
import type { Publisher } from '../snapshots/publisher.js';
import { exactlyOf, measure } from '@moola/metrics/catalogue';
import { labels, predictions } from '@moola/metrics/catalogue/counts';
import { effectiveSamples, intervalOf } from '../windows/intervals.js';

/** Ends the alerts of versions that no rule judges any more, then brings every rule to the tick for those that it judges. */
export function evaluateRules(model: ModelState, tickMs: number, publisher: Publisher): void {
  const { serving } = model;
  const { judgesWhatServes } = model.watched;
  for (const version of model.versionsByName()) {
    if (version !== serving) endAlerts(model, version, tickMs, publisher);
  }
  if (serving !== null) {
    endAlerts(model, serving, tickMs, publisher);
    evaluateVersion(model, serving, tickMs, publisher);
  }
  if (judgesWhatServes || model.rulesInForce.ruleNames.size === 0) return;
  for (const version of model.versionsByName()) {
    if (version !== serving) evaluateVersion(model, version, tickMs, publisher);
  }
}

function evaluateVersion(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  const { conditions } = version;
  const { judgesWhatServes } = model.watched;
  const inForce = model.rulesInForce;
  const role = judgesWhatServes ? 'primary' : judgedRole(model, version);
  if (version.judgedAs !== role || version.judgedBy !== inForce) {
    version.judgedAs = role;
    version.judgedBy = inForce;
    conditions.clear();
  }
  const { alerts } = version.record;
  const hasNone = isEmpty(alerts);
  const firing = new FiringAlerts(alerts);
  inForce.rules.forEach((rule, i) => {
    const applies = judgesWhatServes || judges(model, version, rule);
    if (conditions.isStale(i, rule.metric.restsOn)) {
      conditions.set(i, applies ? conditionOf(rule.definition, readingOf(model, version, rule)) : 0);
    }
    const condition = conditions.get(i);
    if (!applies) return;
    // Nearly all of them, at every tick.
    if (!begins(rule.definition, condition) && (hasNone || ownEntry(alerts, rule.name) === undefined)) return;
    evaluateRule(model, version, rule, condition, firing, tickMs, publisher);
  });
  conditions.refreshed();
}

function evaluateRule(
  model: ModelState,
  version: VersionState,
  rule: WatchedRule,
  condition: Condition,
  firing: FiringAlerts,
  tickMs: number,
  publisher: Publisher,
): void {
  const { alerts } = version.record;
  const before = isFiring(alerts, rule.name);
  if (before && rule.derived && condition === 'missing' && isGone(version, rule)) {
    take(model, version, rule.name, endAlert(alerts[rule.name]!, 'ended'), tickMs, publisher);
    firing.count(rule.derived.rule, -1);
    return;
  }
  const alert = stepRule(
    alerts,
    rule,
    condition,
    tickMs,
    (step) => take(model, version, rule.name, step, tickMs, publisher),
    () => firing.isAtMost(rule),
  );
  if (rule.derived) firing.count(rule.derived.rule, Number(isFiring(alerts, rule.name)) - Number(before));
  if (alert.state === AlertState.FIRING) sayWhetherMissing(model, version, rule, condition, tickMs, publisher);
}

function isFiring(alerts: HeldAlerts, name: string): boolean {
  return ownEntry(alerts, name)?.state === AlertState.FIRING;
}

/** Nothing at all came of a segment, while enough came of its version: it has gone away, and its data is not missing. */
function isGone(version: VersionState, { definition, metric }: WatchedRule): boolean {
  const { windowMs, minimumSamples, segment, alertOnMissingAfterMs } = definition;
  if (alertOnMissingAfterMs > 0) return false;
  const view = version.part(segment).view(windowMs);
  if (predictions.samples(view) + labels.samples(view) > 0) return false;
  return metric.samples(version.view(windowMs)) >= minimumSamples;
}

/** Nobody looked for so long: that time counts neither as held nor as recovered, where the rule takes it for a gap. */
export function pauseAlerts(model: ModelState, gapMs: number): boolean {
  let paused = false;
  for (const version of model.versionsByName()) {
    const { alerts } = version.record;
    if (isEmpty(alerts) || !pauseHeld(alerts, model.rulesInForce.rules, gapMs)) continue;
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
    const firing = new FiringAlerts(alerts);
    for (const rule of model.rulesInForce.rules) {
      const alert = ownEntry(alerts, rule.name);
      if (!alert) continue;
      // Another alert of its rule has ended: it need not wait any longer.
      if (rule.derived && alert.inhibitedBy === rule.derived.rule && !firing.isAtMost(rule)) due = -Infinity;
      due = Math.min(due, alertDueMs(alert, rule.definition) ?? Infinity);
    }
  }
  return due;
}

function endAlerts(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  const { alerts } = version.record;
  if (isEmpty(alerts)) return;
  const { judgesWhatServes } = model.watched;
  const { rules, ruleNames } = model.rulesInForce;
  const isServing = model.isServing(version);
  const stays = judgesWhatServes
    ? isServing
      ? ruleNames
      : new Set<string>()
    : new Set(rules.filter((rule) => judges(model, version, rule)).map(({ name }) => name));
  const ends = Object.keys(alerts).filter((name) => !stays.has(name));
  for (const name of ends.sort()) {
    const alert = alerts[name];
    const isOut = !ruleNames.has(name) && (isServing || !judgesWhatServes);
    const reason = !isOut ? 'replaced' : isOfPattern(model, name) ? 'ended' : 'rule removed';
    if (alert) take(model, version, name, endAlert(alert, reason), tickMs, publisher);
  }
}

/** Whether an alert is of a rule by pattern that is still there, on a segment that it no longer watches. */
function isOfPattern({ watched }: ModelState, name: string): boolean {
  const rule = watched.rules.find((each) => each.name === ruleOfAlert(name));
  return segmentOfAlert(name) !== undefined && rule?.definition.match?.segment !== undefined;
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
  const rule = model.rulesInForce.rules.find((each) => each.name === name);
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
  const segment = segmentMessage(rule.name);
  const of = { rule: ruleOfAlert(rule.name), version: version.name, ...(segment && { segment }) };
  const value = create(AlertFigureSchema, { ...of, condition: now });
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
