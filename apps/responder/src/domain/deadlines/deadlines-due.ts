import type { Incident } from '../incidents/incident.js';
import { awaitsRollback } from '../incidents/incident.js';
import type { Playbook } from './playbook.js';

export type Deadline = 'response' | 'escalation' | 'verification';

/** A deadline that has passed unmet, stamped with the instant at which it was due. */
export interface MissedDeadline {
  readonly deadline: Deadline;
  readonly dueAtMs: number;
  /** Who hears of it: "team" when a response is missing, the severity's next level otherwise. */
  readonly escalateTo: string;
}

/**
 * Deadlines on people that were due by `nowMs`, earliest first: missed while nobody has acknowledged. Each is due once a
 * severity.
 */
export function missedResponses(incident: Incident, playbook: Playbook, nowMs: number): readonly MissedDeadline[] {
  if (incident.state !== 'open' || incident.acknowledgedBy !== '') return [];
  const { respondWithinMs, escalateAfterMs, escalateTo } = playbook.deadlines(incident.severity);
  const since = incident.severitySinceMs;
  const deadlines: MissedDeadline[] = [
    { deadline: 'response', dueAtMs: since + respondWithinMs, escalateTo: 'team' },
    { deadline: 'escalation', dueAtMs: since + escalateAfterMs, escalateTo },
  ];
  return deadlines
    .filter(({ deadline, dueAtMs }) => dueAtMs <= nowMs && !incident.missedDeadlines.includes(deadline))
    .sort((one, other) => one.dueAtMs - other.dueAtMs);
}

/**
 * A rollback whose effect is not seen in time: counted from the moment at which the target serves, or at which the
 * registry said so when no deployment followed. Escalated once, and still watched.
 */
export function missedVerification(incident: Incident, playbook: Playbook, nowMs: number): MissedDeadline | null {
  const rollback = incident.rollback;
  if (rollback === null || rollback.overdue || !awaitsRollback(incident)) return null;
  if (rollback.phase === 'requested') return null;
  const since = rollback.phase === 'serving' ? rollback.servedAtMs : rollback.movedAtMs;
  const dueAtMs = since + playbook.verifyWithinMs;
  if (dueAtMs > nowMs) return null;
  return { deadline: 'verification', dueAtMs, escalateTo: playbook.deadlines(incident.severity).escalateTo };
}
