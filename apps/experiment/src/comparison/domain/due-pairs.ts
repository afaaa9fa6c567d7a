import type { PairKey } from './pair-buckets.js';

/** Which pairs have buckets to publish, and when. Follows from the state: it is not saved. */
export class DuePairs {
  /** Starts of the buckets that changed since they were published, and when the pair is looked at next. */
  private readonly pairs = new Map<PairKey, { readonly starts: Set<number>; dueMs: number }>();
  private nextMs = Infinity;

  /** @param dueMs when this bucket may be published: it has ended, and the look of that time has not been. */
  add(pair: PairKey, startMs: number, dueMs: number): void {
    const known = this.pairs.get(pair);
    if (known) {
      known.starts.add(startMs);
      known.dueMs = Math.min(known.dueMs, dueMs);
    } else {
      this.pairs.set(pair, { starts: new Set([startMs]), dueMs });
    }
    this.nextMs = Math.min(this.nextMs, dueMs);
  }

  /** Takes out what is due, pairs by name, buckets in order of time. */
  take(nowMs: number): [PairKey, number[]][] {
    if (nowMs < this.nextMs) return [];
    const due = [...this.pairs].filter(([, { dueMs }]) => dueMs <= nowMs);
    for (const [pair] of due) this.pairs.delete(pair);
    this.nextMs = Infinity;
    for (const { dueMs } of this.pairs.values()) this.nextMs = Math.min(this.nextMs, dueMs);
    return due
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([pair, { starts }]) => [pair, [...starts].sort((a, b) => a - b)]);
  }

  delete(pair: PairKey): void {
    this.pairs.delete(pair);
  }
}
