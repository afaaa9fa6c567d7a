import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { actorText } from '@moola/wording/actor';
import type { Breach } from '@moola/wording/headline';
import { aboutText } from '@moola/wording/subject';
import type { DecisionReason, RollbackAnswer, TargetFault, Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Findings } from '../rollback/findings.js';

/** What an incident's events add up to. Made by `fold` alone; plain values, so that it goes into a checkpoint as it is. */
export interface Incident {
  /** `<model>~<rule>~<n>`: see `incidentId`. */
  readonly id: string;
  readonly model: string;
  readonly rule: string;
  /** What was wrong when it opened, in a headline: `Accuracy 62.8 %, limit 85 %, v7`. */
  readonly title: string;
  /** The same as facts; absent in an incident that a version before this one opened. */
  readonly breach?: Breach;
  /** The rule's own sentence, and where it is written what to do; both may be empty. */
  readonly summary?: string;
  /** The rule's second text, filled in; absent where it has none. */
  readonly description?: string;
  /** Those of the rule; absent where it has none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly runbook?: string;
  /** The incident that was resolved by hand while the alert fired, where this one goes on with it; else empty. */
  readonly reopens?: string;
  /** The version on which it opened; empty of one on a job or an instance, which `breach` names. */
  readonly version: string;
  /** Since when that version answers, where no deployment event told of it. */
  readonly inferredSinceMs?: number;
  /** Of its alert's figure; empty for an alert on missing data of a metric that nothing names. */
  readonly metric: string;
  /** Whether its rule watches a gate of the budget: only then a rollback is asked for, and only then it has a price. */
  readonly gate: boolean;
  readonly openedAtMs: number;
  /** When the condition first held. */
  readonly breachAtMs: number;
  /** Of its last event. */
  readonly number: number;
  readonly severity: Severity;
  /** Deadlines run from here. */
  readonly severitySinceMs: number;
  readonly tier: Tier;
  readonly state: 'open' | 'resolved';
  readonly resolvedAtMs: number | null;
  /** Empty until somebody looks after it. */
  readonly acknowledgedBy: string;
  /** False: `acknowledgedBy` is a name that its sender wrote. Missing in old entries. */
  readonly acknowledgedByAuthenticated?: boolean;
  /** Whether its alert was right, as a person said last; absent while nobody has. */
  readonly verdict?: IncidentVerdict;
  /** Response and escalation, each once a severity. */
  readonly missedDeadlines: readonly string[];
  readonly lastDecision: LastDecision | null;
  /** The last one that was carried out, or its undoing. */
  readonly rollback: Rollback | null;
  /** Why no rollback is asked for any more; empty while it may be. */
  readonly questionClosed: string;
  /** Of its last action: how often it asked for traffic to be moved. */
  readonly step: number;
  /** Audiences that have heard of it, in the order in which they did. */
  readonly told: readonly string[];
  /** Number of the event that last changed how urgent it is. */
  readonly urgencyNumber: number;
  /** Number of the event that last changed what a person would decide about it. */
  readonly courseNumber: number;
  /** The loss from the breach on, as far as its events tell, US dollars. */
  readonly costUsd: number;
  /** Nobody declared what an answer is worth: `costUsd` says nothing. Absent where somebody did. */
  readonly costUnknown?: true;
}

/** What a person found of an alert. */
export interface IncidentVerdict {
  readonly verdict: AlertVerdict;
  readonly note: string;
  readonly by: string;
  /** False: `by` is a name that its sender wrote. */
  readonly authenticated: boolean;
}

/** An answer to the rollback question. */
export interface Decision {
  readonly answer: RollbackAnswer;
  /** What served. */
  readonly from: string;
  /** Empty when there was no candidate. */
  readonly to: string;
  /** In short. */
  readonly reason: string;
  readonly code: DecisionReason;
}

/** The answer that stands, and what has come of it. Entries that an earlier version wrote lack the optional fields. */
export interface LastDecision extends Decision {
  /** What it, or one before it about the same serving version, has found. */
  readonly findings?: Findings;
  /** Traffic was to be moved, and was left to a person. */
  readonly advised?: true;
  /** Another version has begun to serve since: the next answer is a new one. */
  readonly outdated?: true;
}

/** requested → moved (the registry says so) → serving (a deployment says so) → verified; or it ends otherwise. */
export type RollbackPhase = 'requested' | 'moved' | 'serving' | 'verified' | 'undone' | 'failed' | 'superseded';

export interface Rollback {
  /** Mitigate, roll back, or undo. */
  readonly answer: RollbackAnswer;
  readonly from: string;
  readonly to: string;
  readonly step: number;
  readonly phase: RollbackPhase;
  readonly requestedAtMs: number;
  /** When its result came; 0 before. */
  readonly movedAtMs: number;
  /** When `to` began to serve; 0 before. */
  readonly servedAtMs: number;
  /** It was not verified in time, and people were told. */
  readonly overdue: boolean;
  /** What people were told is wrong with `to`, each once. Missing in old entries. */
  readonly faults?: readonly TargetFault[];
  /** The next attempt at moving the alias, when the last one has touched nothing and may be repeated. */
  readonly retry?: Retry | null;
}

/** Another attempt at an action. */
export interface Retry {
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** `v7`, `job fit`: what it is about. */
export function incidentAbout({ version, breach }: Incident): string {
  return aboutText({ version, subject: breach?.subject });
}

/** Who acknowledged it, for a sentence. */
export function acknowledgedByText({ acknowledgedBy, acknowledgedByAuthenticated }: Incident): string {
  return actorText(acknowledgedBy, acknowledgedByAuthenticated ?? false);
}

/** Whether somebody has heard of it. */
export function isAnnounced(incident: Incident): boolean {
  return incident.told.length > 0;
}

/** Whether a rollback of this incident awaits its result, its deployment or its verification. */
export function awaitsRollback(incident: Incident): boolean {
  const phase = incident.rollback?.phase;
  return phase === 'requested' || phase === 'moved' || phase === 'serving';
}
