import { ownEntry } from '@moola/contracts/own-entry';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { endAlert, inactive, stepAlert, type Alert, type AlertStep } from '@moola/rules/alert';
import type { Condition } from '@moola/rules/condition';
import { ruleOfAlert } from './alert-names.js';

interface SteppedRule {
  /** The alert's name. */
  readonly name: string;
  readonly definition: RuleDefinition;
  /** The alerts that hold it back, by their names. */
  readonly unless: readonly string[];
}

/**
 * Brings the alert of a rule to a tick.
 * @param alerts on the same version, job or instance, by rule; those that hold this one back have been brought to the tick
 * @param take puts what the alert becomes into `alerts`, and publishes the transition
 * @param isHeldBack whether something else than another alert holds it back: its own rule
 * @returns the alert as it stands then
 */
export function stepRule(
  alerts: Readonly<Record<string, Alert>>,
  { name, definition, unless }: SteppedRule,
  condition: Condition,
  tickMs: number,
  take: (step: AlertStep) => void,
  isHeldBack: () => boolean = () => false,
): Alert {
  const now = () => ownEntry(alerts, name) ?? inactive;
  if (now().changed) take(endAlert(now(), 'rule changed'));
  const other = unless.find((each) => ownEntry(alerts, each)?.state === AlertState.FIRING);
  for (let goesOn = true; goesOn;) {
    const isOwn = other === undefined && now().state !== AlertState.FIRING && isHeldBack();
    const inhibitor = other ?? (isOwn ? name : undefined);
    const step = stepAlert(now(), definition, condition, tickMs, inhibitor && ruleOfAlert(inhibitor));
    take(step);
    // What it waited for is over: something else may have begun at the same tick.
    goesOn = step.transition?.to === AlertState.INACTIVE;
  }
  return now();
}
