import type { KeyedState } from '@moola/streams/processor/keyed-state';
import type { Tables } from './tables.js';

const HOUR_MS = 3_600_000;
/** How long a resolved incident still takes commands (to refuse them with its name) and receipts. */
const KEEP_RESOLVED_MS = 30 * 24 * HOUR_MS;
/** How long an identity is remembered; what repeats it comes much sooner. */
const KEEP_TAKEN_MS = 7 * 24 * HOUR_MS;

/** Keeps the state bounded: once an hour of event time, what is over for long goes. */
export function forgetOld(tables: Tables, previousMs: number, nowMs: number): void {
  if (Math.floor(previousMs / HOUR_MS) === Math.floor(nowMs / HOUR_MS)) return;
  drop(tables.taken, ({ atMs }) => nowMs - atMs > KEEP_TAKEN_MS);
  drop(tables.incidents, ({ resolvedAtMs }) => resolvedAtMs !== null && nowMs - resolvedAtMs > KEEP_RESOLVED_MS);
}

function drop<V>(table: KeyedState<V>, isOld: (value: V) => boolean): void {
  for (const [key, value] of [...table.entries()]) if (isOld(value)) table.delete(key);
}
