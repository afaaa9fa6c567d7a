import type { Tables } from './tables.js';

const hourMs = 3_600_000;

/** How long an id is remembered; what repeats it comes much sooner. */
const keepKnownMs = 7 * 24 * hourMs;

/** Keeps the state bounded: once an hour of event time, ids that are over for long go. */
export function forgetOld(tables: Tables, previousMs: number, nowMs: number): void {
  if (Math.floor(previousMs / hourMs) === Math.floor(nowMs / hourMs)) return;
  for (const [id, cameAtMs] of [...tables.known.entries()]) {
    if (nowMs - cameAtMs > keepKnownMs && !tables.active.has(id)) tables.known.delete(id);
  }
}
