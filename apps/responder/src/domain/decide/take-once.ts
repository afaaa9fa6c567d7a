import { tableKey } from './tables.js';
import type { DecisionContext } from './decision-context.js';

/** Commands, results and receipts carry no position: the first of each identity counts. Whether this is the first. */
export function takeOnce(context: DecisionContext, ...identity: readonly string[]): boolean {
  const key = tableKey(...identity);
  if (context.tables.taken.has(key)) return false;
  context.tables.taken.set(key, { atMs: context.nowMs });
  return true;
}
