import { ownEntry } from '@moola/contracts/own-entry';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { endAlert, inactive, stepAlert, type Alert, type AlertStep } from '@moola/rules/alert';
import type { Condition } from '@moola/rules/condition';

/**
 * Brings the alert of a rule to a tick.
 * @param alerts on the same version, job or instance, by rule; those that hold this one back have been brought to the tick
 * @param take puts what the alert becomes into `alerts`, and publishes the transition
 * @returns the alert as it stands then
 */
export function stepRule(
  alerts: Readonly<Record<string, Alert>>,
  { name, definition }: { readonly name: string; readonly definition: RuleDefinition },
  condition: Condition,
  tickMs: number,
  take: (step: AlertStep) => void,
): Alert {
  const now = () => ownEntry(alerts, name) ?? inactive;
  if (now().changed) take(endAlert(now(), 'rule changed'));
  const inhibitor = definition.unless.find((other) => ownEntry(alerts, other)?.state === AlertState.FIRING);
  for (let goesOn = true; goesOn;) {
    const step = stepAlert(now(), definition, condition, tickMs, inhibitor);
    take(step);
    // What it waited for is over: something else may have begun at the same tick.
    goesOn = step.transition?.to === AlertState.INACTIVE;
  }
  return now();
}
