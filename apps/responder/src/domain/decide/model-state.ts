import { joinedKey } from '@moola/contracts/joined-key';
import { namedSegment, type NamedSegment } from '@moola/wording/segments';
import { namedSubject, type NamedSubject } from '@moola/wording/subject';
import type { Incident } from '../incidents/incident.js';
import type { AlertState, AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** What the responder knows of one model, beside definitions, budgets and comparisons. Plain values. */
export interface ModelState {
  /** Empty before anything is known. */
  readonly serving: string;
  /** When it began to serve; 0 when no deployment has said so. */
  readonly servingSinceMs: number;
  readonly serviceOf: Readonly<Record<string, Service>>;
  readonly rolledBackFrom: readonly string[];
  /** By `alertName`: the alert on the version, job or instance that it names. */
  readonly alerts: Readonly<Record<string, AlertOnVersion>>;
  /** By `alertName`: how many incidents of the rule there were, and which one is open. */
  readonly incidents: Readonly<Record<string, { readonly count: number; readonly open: string | null }>>;
  /** The pairs of versions that have a comparison, as keys of the comparisons' table. */
  readonly comparisons: readonly string[];
  /** Versions of which a budget state has come, by name. Missing in old entries. */
  readonly versions?: readonly string[];
  /** Versions that ran beside what served before they served, by name. Missing in old entries. */
  readonly ranInShadow?: readonly string[];
  /** What the version that serves loses, US dollars. */
  readonly lossPerMinuteUsd: number;
}

/** When a version last began to serve, and who shipped it. */
export interface Service {
  readonly beganAtMs: number;
  readonly by: string;
}

export interface AlertOnVersion {
  /** Empty on a job or an instance. */
  readonly version: string;
  /** It is on a job or an instance: whichever version serves. */
  readonly onSubject?: true;
  readonly state: AlertState;
  /**
   * Its figure went missing while it fires, and its condition has not held since: what it was opened on is no longer so, or
   * not known to be.
   */
  readonly unsupported?: true;
  /** Its rule, or the whole model, is no longer defined: nothing watches any more what the incident is about. */
  readonly gone?: 'rule' | 'model';
}

/** What an alert is on beside its version. */
export interface AlertPlace {
  readonly subject?: NamedSubject | undefined;
  /** Of a rule on segments by pattern. */
  readonly onSegment?: NamedSegment | undefined;
}

export function placeOf(alert: Pick<AlertTransition, 'subject' | 'segment'>): AlertPlace {
  return { subject: namedSubject(alert.subject), onSegment: namedSegment(alert.segment) };
}

/** Two jobs, or two segments, may break one rule: each has an alert of its own. No name of a rule holds "@". */
export function alertName(rule: string, { subject, onSegment }: AlertPlace): string {
  if (onSegment !== undefined) {
    const { key, value, other } = onSegment;
    return `${rule}@segment/${other ? joinedKey(key) : joinedKey(key, value)}`;
  }
  return subject === undefined ? rule : `${rule}@${subject.kind}/${subject.name}`;
}

/** Under which name the alert of an incident is known. */
export function alertNameOf({ rule, breach }: Pick<Incident, 'rule' | 'breach'>): string {
  return alertName(rule, breach ?? {});
}

/** Whether it is on what serves, or on a job or an instance. */
export function isCurrent(alert: AlertOnVersion | undefined, serving: string): alert is AlertOnVersion {
  return alert !== undefined && (alert.onSubject === true || alert.version === serving);
}

export const unknownModel: ModelState = {
  serving: '',
  servingSinceMs: 0,
  serviceOf: {},
  rolledBackFrom: [],
  alerts: {},
  incidents: {},
  comparisons: [],
  versions: [],
  lossPerMinuteUsd: 0,
};

/** By metric of a gate: since when it has had too few samples. */
export type UnknownSince = Readonly<Record<string, number>>;

/** An incident that a person resolved while its alert fired. */
export interface Reopening {
  readonly incident: string;
  /** Milliseconds since the epoch. */
  readonly dueAtMs: number;
}
