import { tableKey } from './tables.js';
import type { Turn } from './turn.js';

/** Commands, results and receipts carry no position: the first of each identity counts. Whether this is the first. */
export function takeOnce(turn: Turn, ...identity: readonly string[]): boolean {
  const key = tableKey(...identity);
  if (turn.tables.taken.has(key)) return false;
  turn.tables.taken.set(key, { atMs: turn.nowMs });
  return true;
}
