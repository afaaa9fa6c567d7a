import { median } from '@moola/statistics/median';

/** A stretch of time, its end exclusive, in milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What alerts are worth against what really was. */
export interface Score {
  /** Firings that a real incident explains, and those that none does. */
  readonly trueFirings: number;
  readonly falseFirings: number;
  /** Real incidents that an alert fired for, and those that none did. */
  readonly detected: number;
  readonly missed: readonly Span[];
  /** True firings ÷ firings; `null` without a firing. */
  readonly precision: number | null;
  /** Detected incidents ÷ incidents; `null` without an incident. */
  readonly recall: number | null;
  /** From the begin of a detected incident to its first firing, milliseconds; `null` when none was detected. */
  readonly delay: { readonly medianMs: number; readonly worstMs: number } | null;
}

/**
 * Judges firings by the incidents that there really were. A firing is true when it overlaps an incident; an incident is detected
 * when a firing overlaps it. One that fired before it began is detected without delay.
 * @param incidents without overlap
 * @param graceMs so much longer a firing may wait for an incident's truth to become known: it counts for the incident when it
 *   begins within this time behind its end
 */
export function score(firings: readonly Span[], incidents: readonly Span[], graceMs: number): Score {
  const trueFirings = firings.filter((firing) => incidents.some((each) => explains(each, firing, graceMs))).length;
  const missed: Span[] = [];
  const delays: number[] = [];
  for (const incident of incidents) {
    const first = Math.min(
      ...firings.filter((firing) => explains(incident, firing, graceMs)).map(({ fromMs }) => fromMs),
    );
    if (first === Infinity) missed.push(incident);
    else delays.push(Math.max(0, first - incident.fromMs));
  }
  return {
    ...{ trueFirings, falseFirings: firings.length - trueFirings, detected: delays.length, missed },
    precision: ratio(trueFirings, firings.length),
    recall: ratio(delays.length, incidents.length),
    delay: delays.length === 0 ? null : { medianMs: median(delays), worstMs: Math.max(...delays) },
  };
}

/** The same time in spans that do not overlap, in order. */
export function united(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last === undefined || last.toMs <= fromMs) result.push({ fromMs, toMs });
    else result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
  }
  return result;
}

function explains(incident: Span, firing: Span, graceMs: number): boolean {
  return firing.fromMs < incident.toMs + graceMs && firing.toMs > incident.fromMs;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
