import { create } from '@bufbuild/protobuf';
import { ownEntry } from '@moola/contracts/own-entry';
import { SegmentSchema, Severity, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertTransitionSchema, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { inactive, pauseAlert, type Alert, type AlertStep, type Transition } from '@moola/rules/alert';
import { limitOf } from '@moola/rules/levels';
import { longestGapOf } from '@moola/rules/longest-gap';
import { ruleOfAlert, segmentOfAlert } from './alert-names.js';

/** The alerts on one version, job or instance, by their names: see `alert-names.ts`. */
export type HeldAlerts = Record<string, Alert>;

/** @returns whether the alert is another one after the step */
export function keepStep(alerts: HeldAlerts, name: string, { alert }: AlertStep): boolean {
  const before = ownEntry(alerts, name);
  if (alert === before || (alert === inactive && before === undefined)) return false;
  alerts[name] = alert;
  return true;
}

/**
 * Nobody looked for so long: that time counts neither as held nor as recovered, where the rule takes it for a gap.
 * @returns whether any alert is another one
 */
export function pauseHeld(
  alerts: HeldAlerts,
  rules: readonly { readonly name: string; readonly definition: RuleDefinition }[],
  gapMs: number,
): boolean {
  let paused = false;
  for (const { name, definition } of rules) {
    const alert = ownEntry(alerts, name);
    if (alert === undefined || gapMs <= longestGapOf(definition)) continue;
    const after = pauseAlert(alert, gapMs);
    if (after === alert) continue;
    alerts[name] = after;
    paused = true;
  }
  return paused;
}

/** A segment as messages name it; `undefined`: the alert is not of a rule by pattern. */
export function segmentMessage(name: string) {
  const segment = segmentOfAlert(name);
  return segment && create(SegmentSchema, { ...segment });
}

/**
 * A transition as it is published, but for what the alert is about and its figure.
 * @param rule `undefined`: it is gone
 */
export function transitionFact(
  name: string,
  { number, from, to, sinceMs, reason, severity, severityBefore, inhibitedBy }: Transition,
  rule: RuleDefinition | undefined,
  of: { readonly life: number; readonly undeclared: boolean },
): AlertTransition {
  const segment = segmentMessage(name);
  return create(AlertTransitionSchema, {
    ...{ rule: ruleOfAlert(name), transition: number, from, to, sinceMs, reason, severityBefore, inhibitedBy, ...of },
    severity: severity || (rule?.severity ?? Severity.UNSPECIFIED),
    ...(segment && { segment }),
    ...(rule && { summary: rule.summary, limit: limitOf(rule, severity), definition: rule }),
  });
}
