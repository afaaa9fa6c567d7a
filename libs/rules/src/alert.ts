import type { RuleDefinition, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Severity as Severities } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { levelsHeld, type Condition } from './condition.js';
import { beginRuns, pausedRuns, runsDueMs, severest, stepRuns, type LevelRuns } from './level-runs.js';
import { levelsOf } from './levels.js';

/** Where the alert of one rule on one version of a model stands. Plain data: JSON keeps it. */
export interface Alert {
  readonly state: AlertState.INACTIVE | AlertState.PENDING | AlertState.FIRING;
  /** When the condition first held without a break, the breach; `null` while inactive. */
  readonly sinceMs: number | null;
  /** While firing: the first tick of the run at which the condition has not held; `null` when it holds or is missing. */
  readonly clearSinceMs: number | null;
  /** How many transitions there have been: the number of the last one. */
  readonly transitions: number;
  /** As its last transition said; absent while inactive, and in checkpoints of releases without levels. */
  readonly severity?: Severity;
  /** Of the rule's levels above the first, those whose limit is broken or that fire. */
  readonly above?: LevelRuns;
  /** While pending: how much of the time since the breach lay in gaps between ticks, and does not count. */
  readonly pausedMs?: number;
  /** While pending: it waits for data to be missing for long enough, not for the condition to hold. */
  readonly missing?: true;
  /** While pending: the rule whose alert holds it back, as its last transition said. */
  readonly inhibitedBy?: string;
  /** While pending: its rule means something else than when it began, or was gone for a while: it begins anew. */
  readonly changed?: true;
}

/** Why an alert changed. */
export type TransitionReason =
  | 'condition held'
  | 'condition did not hold'
  | 'data missing'
  | 'data is back'
  | 'severity rose'
  | 'severity fell'
  | 'inhibited'
  | 'no longer inhibited'
  | 'recovered'
  | EndReason;

/**
 * Its version no longer serves, its rule is gone, its pending time no longer means the same, or the job or instance that it is
 * about has ended.
 */
export type EndReason = 'replaced' | 'rule changed' | 'rule removed' | 'ended';

export interface Transition {
  /** Counts up from 1 per rule, model and version. */
  readonly number: number;
  readonly from: AlertState;
  readonly to: AlertState;
  /** The breach that this alert began with. */
  readonly sinceMs: number;
  readonly reason: TransitionReason;
  /** Of the severest level that fires; of a pending alert the severity that it would begin with, of its end the last one. */
  readonly severity: Severity;
  /** What it was when it fired before this transition; unspecified where it did not fire. */
  readonly severityBefore: Severity;
  /** The rule whose alert holds it back; empty: none. */
  readonly inhibitedBy: string;
}

export interface AlertStep {
  readonly alert: Alert;
  /** `null`: nothing that others should hear of. */
  readonly transition: Transition | null;
}

export const inactive: Alert = { state: AlertState.INACTIVE, sinceMs: null, clearSinceMs: null, transitions: 0 };

/**
 * What an alert becomes at a tick: semantics.md, "Rules and alerts".
 * @param inhibitor the rule of `unless` whose alert on the same subject fires; empty: none does
 */
export function stepAlert(
  alert: Alert,
  rule: RuleDefinition,
  condition: Condition,
  tickMs: number,
  inhibitor = '',
): AlertStep {
  switch (alert.state) {
    case AlertState.INACTIVE:
      return begins(rule, condition) ? begin(alert, rule, condition, tickMs, inhibitor) : unchanged(alert);
    case AlertState.PENDING:
      return whilePending(alert, rule, condition, tickMs, inhibitor);
    case AlertState.FIRING:
      return whileFiring(alert, rule, condition, tickMs);
  }
}

/** Whether an alert that is inactive would begin. */
export function begins(rule: RuleDefinition, condition: Condition): boolean {
  return levelsHeld(condition) > 0 || (condition === 'missing' && rule.alertOnMissingAfterMs > 0);
}

/** Ends an alert of which there is nothing more to say. */
export function endAlert(alert: Alert, reason: EndReason): AlertStep {
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
  // What holds it back is an alert of the same subject: as that changes, so does this.
  if (alert.state === AlertState.INACTIVE || alert.inhibitedBy !== undefined) return null;
  const fires = alert.state === AlertState.FIRING;
  const own = fires ? clearDueMs(alert, rule) : heldFromMs(alert) + waitOf(alert, rule);
  const due = Math.min(own, runsDueMs(alert.above, levelsOf(rule), rule.keepFiringForMs));
  return due === Infinity ? null : due;
}

/** Says that for so long nobody looked: the time counts neither as held nor as recovered. */
export function pauseAlert(alert: Alert, gapMs: number): Alert {
  const above = alert.above && { above: pausedRuns(alert.above, gapMs) };
  switch (alert.state) {
    case AlertState.INACTIVE:
      return alert;
    case AlertState.PENDING:
      return { ...alert, ...above, pausedMs: (alert.pausedMs ?? 0) + gapMs };
    case AlertState.FIRING:
      if (alert.clearSinceMs === null && above === undefined) return alert;
      return { ...alert, ...above, clearSinceMs: alert.clearSinceMs === null ? null : alert.clearSinceMs + gapMs };
  }
}

function begin(alert: Alert, rule: RuleDefinition, condition: Condition, tickMs: number, inhibitor: string): AlertStep {
  const [first] = levelsOf(rule);
  const begun: Alert = {
    ...{ state: AlertState.PENDING, sinceMs: tickMs, clearSinceMs: null, transitions: alert.transitions },
    severity: first.severity,
    ...(condition === 'missing' && { missing: true }),
  };
  const { alert: pending, isRipe } = pend(begun, rule, condition, tickMs);
  if (isRipe && inhibitor === '') return fire(pending, alert.state, rule, tickMs);
  return change(heldBackBy(pending, inhibitor), alert.state, reasonOf(pending));
}

function whilePending(
  alert: Alert,
  rule: RuleDefinition,
  condition: Condition,
  tickMs: number,
  inhibitor: string,
): AlertStep {
  const stays = alert.missing ? condition === 'missing' && begins(rule, condition) : levelsHeld(condition) > 0;
  if (!stays) return over(alert, AlertState.INACTIVE, whyNotPending(alert, condition));
  const { alert: pending, isRipe } = pend(alert, rule, condition, tickMs);
  if (isRipe && inhibitor === '') return fire(pending, alert.state, rule, tickMs);
  if (inhibitor === (alert.inhibitedBy ?? '')) return unchanged(pending);
  return change(heldBackBy(pending, inhibitor), alert.state, inhibitor === '' ? 'no longer inhibited' : 'inhibited');
}

function whyNotPending(alert: Alert, condition: Condition): TransitionReason {
  if (alert.missing) return 'data is back';
  return condition === 0 ? 'condition did not hold' : 'data missing';
}

/** Brings a pending alert to a tick. `isRipe`: its condition has held for long enough, at one of its levels. */
function pend(
  alert: Alert,
  rule: RuleDefinition,
  condition: Condition,
  tickMs: number,
): { readonly alert: Alert; readonly isRipe: boolean } {
  const isRipe = tickMs - heldFromMs(alert) >= waitOf(alert, rule);
  if (rule.levels.length < 2 || alert.missing) return { alert, isRipe };
  const { runs, ripe } = beginRuns(alert.above, levelsOf(rule), condition, tickMs);
  return { alert: withRuns(alert, runs), isRipe: isRipe || ripe };
}

function fire(pending: Alert, from: AlertState, rule: RuleDefinition, tickMs: number): AlertStep {
  const { inhibitedBy: _, pausedMs: __, missing, ...alert } = pending;
  const levels = levelsOf(rule);
  const above = stepRuns(alert.above, levels, { condition: levels.length, keepMs: Infinity, tickMs, begins: true });
  const severity = severest(above, levels);
  const fired = withRuns({ ...alert, state: AlertState.FIRING, severity }, above);
  return change(fired, from, missing ? 'data missing' : 'condition held');
}

function whileFiring(alert: Alert, rule: RuleDefinition, condition: Condition, tickMs: number): AlertStep {
  const clearSinceMs = condition === 0 ? (alert.clearSinceMs ?? tickMs) : null;
  if (clearSinceMs !== null && tickMs - clearSinceMs >= rule.keepFiringForMs)
    return over(alert, AlertState.RESOLVED, 'recovered');
  const levels = levelsOf(rule);
  const above =
    levels.length < 2
      ? undefined
      : stepRuns(alert.above, levels, { condition, keepMs: rule.keepFiringForMs, tickMs, begins: false });
  const now = withRuns(alert.clearSinceMs === clearSinceMs ? alert : { ...alert, clearSinceMs }, above);
  const severity = severest(above, levels);
  if (severity === alert.severity) return unchanged(now);
  if (alert.severity === undefined) return unchanged({ ...now, severity });
  const reason = severity > alert.severity ? 'severity rose' : 'severity fell';
  return change({ ...now, severity }, alert.state, reason, alert.severity);
}

/** With other runs of its levels. */
export function withRuns(alert: Alert, above: LevelRuns | undefined): Alert {
  if (above === alert.above) return alert;
  const { above: _, ...without } = alert;
  return above === undefined ? without : { ...without, above };
}

function heldBackBy(alert: Alert, inhibitor: string): Alert {
  const { inhibitedBy: _, ...free } = alert;
  return inhibitor === '' ? free : { ...free, inhibitedBy: inhibitor };
}

function reasonOf(alert: Alert): TransitionReason {
  return alert.missing ? 'data missing' : 'condition held';
}

/** Back to inactive: what was resolved counts as inactive for what follows. */
function over(alert: Alert, to: AlertState.INACTIVE | AlertState.RESOLVED, reason: TransitionReason): AlertStep {
  const severity = alert.severity ?? Severities.UNSPECIFIED;
  const severityBefore = to === AlertState.RESOLVED ? severity : Severities.UNSPECIFIED;
  const number = alert.transitions + 1;
  return {
    alert: { ...inactive, transitions: number },
    transition: {
      ...{ number, from: alert.state, to, sinceMs: sinceOf(alert), reason },
      ...{ severity, severityBefore, inhibitedBy: '' },
    },
  };
}

function change(
  alert: Alert,
  from: AlertState,
  reason: TransitionReason,
  severityBefore = Severities.UNSPECIFIED,
): AlertStep {
  const transitions = alert.transitions + 1;
  const { severity = Severities.UNSPECIFIED, inhibitedBy = '' } = alert;
  return {
    alert: { ...alert, transitions },
    transition: {
      ...{ number: transitions, from, to: alert.state, sinceMs: sinceOf(alert), reason },
      ...{ severity, severityBefore, inhibitedBy },
    },
  };
}

function unchanged(alert: Alert): AlertStep {
  return { alert, transition: null };
}

function clearDueMs(alert: Alert, rule: RuleDefinition): number {
  return alert.clearSinceMs === null ? Infinity : alert.clearSinceMs + rule.keepFiringForMs;
}

/** How long a pending alert waits. */
function waitOf(alert: Alert, rule: RuleDefinition): number {
  return alert.missing ? rule.alertOnMissingAfterMs : levelsOf(rule)[0].forMs;
}

/** From when on the time of a pending alert counts. */
function heldFromMs(alert: Alert): number {
  return sinceOf(alert) + (alert.pausedMs ?? 0);
}

function sinceOf(alert: Alert): number {
  if (alert.sinceMs === null) throw new Error('an alert that is pending or firing has a breach');
  return alert.sinceMs;
}
