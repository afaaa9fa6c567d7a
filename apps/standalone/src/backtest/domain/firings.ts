/** An alert that changed its state, as far as a backtest needs it. */
export interface Change {
  readonly model: string;
  readonly rule: string;
  readonly version: string;
  readonly atMs: number;
  /** Whether it fires from then on. */
  readonly isFiring: boolean;
}

/** From the firing of an alert to its end. */
export interface Firing {
  readonly model: string;
  readonly rule: string;
  readonly version: string;
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
    const key = JSON.stringify([change.model, change.rule, change.version]);
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

function firing({ model, rule, version, atMs }: Change, toMs: number, isOpen: boolean): Firing {
  return { model, rule, version, fromMs: atMs, toMs, isOpen };
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
