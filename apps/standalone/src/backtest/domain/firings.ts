import type { NamedSegment } from '@moola/wording/segments';
import type { NamedSubject } from '@moola/wording/subject';

/** Which alert it is. */
export interface AlertIdentity {
  readonly model: string;
  readonly rule: string;
  /** Empty of an alert on a job or an instance. */
  readonly version: string;
  /** The job or instance that it is on; `null` of one on a version. */
  readonly subject: NamedSubject | null;
  /** Of a rule on segments by pattern the one that it is on; `null` of others. */
  readonly segment: NamedSegment | null;
}

export const alertKey = ({ model, rule, version, subject, segment }: AlertIdentity): string =>
  JSON.stringify([model, rule, version, subject?.kind, subject?.name, segment]);

/** An alert that changed its state, as far as a backtest needs it. */
export interface Change extends AlertIdentity {
  readonly atMs: number;
  /** Whether it fires from then on. */
  readonly isFiring: boolean;
}

/** From the firing of an alert to its end. */
export interface Firing extends AlertIdentity {
  readonly fromMs: number;
  /** Exclusive; the end of the log when it still fires there. */
  readonly toMs: number;
  readonly isOpen: boolean;
}

/**
 * The firings of alerts, by their begin.
 * @param changes in order of time
 * @param endMs the end of the log
 */
export function firingsOf(changes: readonly Change[], endMs: number): readonly Firing[] {
  const open = new Map<string, Change>();
  const firings: Firing[] = [];
  for (const change of changes) {
    const key = alertKey(change);
    const begun = open.get(key);
    if (change.isFiring) {
      // One that only rises or falls goes on firing.
      if (begun === undefined) open.set(key, change);
    } else if (begun !== undefined) {
      open.delete(key);
      firings.push(firing(begun, change.atMs, false));
    }
  }
  for (const begun of open.values()) firings.push(firing(begun, endMs, true));
  return firings.sort((a, b) => a.fromMs - b.fromMs);
}

function firing({ model, rule, version, subject, segment, atMs }: Change, toMs: number, isOpen: boolean): Firing {
  return { model, rule, version, subject, segment, fromMs: atMs, toMs, isOpen };
}

/** How long there was a firing, milliseconds: time in which several fire counts once. @param firings by their begin */
export function firingMs(firings: readonly Firing[]): number {
  let total = 0;
  let coveredTo = -Infinity;
  for (const { fromMs, toMs } of firings) {
    total += Math.max(0, toMs - Math.max(fromMs, coveredTo));
    coveredTo = Math.max(coveredTo, toMs);
  }
  return total;
}
