import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Condition } from './condition.js';

/** Where the alert of one rule on one version of a model stands. Plain data: JSON keeps it. */
export interface Alert {
  readonly state: AlertState.INACTIVE | AlertState.PENDING | AlertState.FIRING;
  /** When the condition first held without a break, the breach; `null` while inactive. */
  readonly sinceMs: number | null;
  /** While firing: the first tick of the run at which the condition has not held; `null` when it holds or is missing. */
  readonly clearSinceMs: number | null;
  /** How many transitions there have been: the number of the last one. */
  readonly transitions: number;
}

/** Why an alert changed. */
export type TransitionReason =
  'condition held' | 'condition did not hold' | 'data missing' | 'recovered' | 'replaced' | 'rule removed';

export interface Transition {
  /** Counts up from 1 per rule, model and version. */
  readonly number: number;
  readonly from: AlertState;
  readonly to: AlertState;
  /** The breach that this alert began with. */
  readonly sinceMs: number;
  readonly reason: TransitionReason;
}

export interface AlertStep {
  readonly alert: Alert;
  /** `null`: nothing that others should hear of. */
  readonly transition: Transition | null;
}

export const inactive: Alert = { state: AlertState.INACTIVE, sinceMs: null, clearSinceMs: null, transitions: 0 };

/** What an alert becomes at a tick: semantics.md, "Rules and alerts". */
export function stepAlert(alert: Alert, rule: RuleDefinition, condition: Condition, tickMs: number): AlertStep {
  switch (alert.state) {
    case AlertState.INACTIVE:
      return condition === 'holds' ? breach(alert, rule, tickMs) : unchanged(alert);
    case AlertState.PENDING:
      if (condition !== 'holds') {
        return over(alert, AlertState.INACTIVE, condition === 'missing' ? 'data missing' : 'condition did not hold');
      }
      return tickMs - sinceOf(alert) >= rule.forMs ? fire(alert) : unchanged(alert);
    case AlertState.FIRING:
      return whileFiring(alert, rule, condition, tickMs);
  }
}

/** Ends an alert whose version no longer serves, or whose rule is gone. */
export function endAlert(alert: Alert, reason: 'replaced' | 'rule removed'): AlertStep {
  switch (alert.state) {
    case AlertState.INACTIVE:
      return unchanged(alert);
    case AlertState.PENDING:
      return over(alert, AlertState.INACTIVE, reason);
    case AlertState.FIRING:
      return over(alert, AlertState.RESOLVED, reason);
  }
}

/** When an alert changes by itself if its condition stays as it is; `null`: never. */
export function alertDueMs(alert: Alert, rule: RuleDefinition): number | null {
  if (alert.state === AlertState.PENDING) return sinceOf(alert) + rule.forMs;
  return alert.clearSinceMs === null ? null : alert.clearSinceMs + rule.keepFiringForMs;
}

function breach(alert: Alert, rule: RuleDefinition, tickMs: number): AlertStep {
  const begun: Alert = { ...alert, sinceMs: tickMs };
  return rule.forMs <= 0 ? fire(begun) : change({ ...begun, state: AlertState.PENDING }, alert.state, 'condition held');
}

function fire(alert: Alert): AlertStep {
  return change({ ...alert, state: AlertState.FIRING, clearSinceMs: null }, alert.state, 'condition held');
}

function whileFiring(alert: Alert, rule: RuleDefinition, condition: Condition, tickMs: number): AlertStep {
  if (condition !== 'does not hold')
    return unchanged(alert.clearSinceMs === null ? alert : { ...alert, clearSinceMs: null });
  const clearSinceMs = alert.clearSinceMs ?? tickMs;
  if (tickMs - clearSinceMs >= rule.keepFiringForMs) return over(alert, AlertState.RESOLVED, 'recovered');
  return unchanged(alert.clearSinceMs === null ? { ...alert, clearSinceMs } : alert);
}

/** Back to inactive: what was resolved counts as inactive for what follows. */
function over(alert: Alert, to: AlertState.INACTIVE | AlertState.RESOLVED, reason: TransitionReason): AlertStep {
  const transitions = alert.transitions + 1;
  return {
    alert: { ...inactive, transitions },
    transition: { number: transitions, from: alert.state, to, sinceMs: sinceOf(alert), reason },
  };
}

function change(alert: Alert, from: AlertState, reason: TransitionReason): AlertStep {
  const transitions = alert.transitions + 1;
  return {
    alert: { ...alert, transitions },
    transition: { number: transitions, from, to: alert.state, sinceMs: sinceOf(alert), reason },
  };
}

function unchanged(alert: Alert): AlertStep {
  return { alert, transition: null };
}

function sinceOf(alert: Alert): number {
  if (alert.sinceMs === null) throw new Error('an alert that is pending or firing has a breach');
  return alert.sinceMs;
}
