import { fnv1a } from '@moola/contracts/fnv';

export interface Pace {
  /** Of the definition. */
  readonly name: string;
  readonly intervalMs: number;
}

/** After failures a server is asked again within this, or at the next interval where that is longer. */
export const longestBackoffMs = 60_000;

/**
 * When to ask next. Instants are multiples of the interval, moved by the name, so that not all definitions ask at once, and
 * two owners that cross ask for the same instant: their samples have the same ids.
 * @param failures in a row, 0 after an answer
 * @param random 0 to 1, exclusive
 */
export function nextInstant({ name, intervalMs }: Pace, nowMs: number, failures: number, random: number): number {
  const phase = fnv1a(name) % intervalMs;
  const earliest = nowMs + backoffMs(intervalMs, failures, random);
  return (Math.floor((earliest - phase) / intervalMs) + 1) * intervalMs + phase;
}

/** What is waited beside the interval: nothing after one failure, then twice as long each time, half of it by chance. */
function backoffMs(intervalMs: number, failures: number, random: number): number {
  if (failures < 2) return 0;
  const whole = Math.min(Math.max(longestBackoffMs - intervalMs, 0), intervalMs * 2 ** Math.min(failures - 2, 10));
  return whole * (0.5 + random / 2);
}
