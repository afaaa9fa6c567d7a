import type { Value } from './table.js';

/** One key of several values: different values give different keys, whatever characters they hold. */
export function seriesKey(values: readonly Value[]): string {
  let key = '';
  for (const value of values) {
    const text = String(value);
    key += `${text.length}:${text}`;
  }
  return key;
}
