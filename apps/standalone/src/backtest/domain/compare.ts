import { alertKey, type Firing } from './firings.js';

/** How the firings under one set of definitions differ from those under another. */
export interface Comparison {
  /** Those that overlap, each with one of the other side. */
  readonly both: readonly { readonly first: Firing; readonly second: Firing }[];
  readonly onlyFirst: readonly Firing[];
  readonly onlySecond: readonly Firing[];
}

/**
 * Pairs the firings of the same alert that overlap, in order of time, each with one at most. What has no
 * partner fired under one set of definitions only.
 */
export function compareFirings(first: readonly Firing[], second: readonly Firing[]): Comparison {
  const both: { first: Firing; second: Firing }[] = [];
  const onlyFirst: Firing[] = [];
  const onlySecond: Firing[] = [];
  const [ofFirst, ofSecond] = [byAlert(first), byAlert(second)];
  for (const key of new Set([...ofFirst.keys(), ...ofSecond.keys()])) {
    const [left, right] = [ofFirst.get(key) ?? [], ofSecond.get(key) ?? []];
    let [i, j] = [0, 0];
    for (;;) {
      const [a, b] = [left[i], right[j]];
      if (a === undefined && b === undefined) break;
      if (b === undefined || (a !== undefined && a.toMs <= b.fromMs)) {
        onlyFirst.push(a as Firing);
        i++;
      } else if (a === undefined || b.toMs <= a.fromMs) {
        onlySecond.push(b);
        j++;
      } else {
        both.push({ first: a, second: b });
        i++;
        j++;
      }
    }
  }
  const byTime = (a: Firing, b: Firing) => a.fromMs - b.fromMs;
  return {
    both: both.sort((a, b) => byTime(a.first, b.first)),
    onlyFirst: onlyFirst.sort(byTime),
    onlySecond: onlySecond.sort(byTime),
  };
}

function byAlert(firings: readonly Firing[]): Map<string, Firing[]> {
  const alerts = new Map<string, Firing[]>();
  for (const firing of firings) {
    const key = alertKey(firing);
    const ofAlert = alerts.get(key) ?? [];
    alerts.set(key, ofAlert);
    ofAlert.push(firing);
  }
  return alerts;
}
