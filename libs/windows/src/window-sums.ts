import { emptyBucket, type BucketStore } from './bucket-store.js';
import type { HeldBuckets } from './held-buckets.js';
import { beforeAll, ring as field } from './ring-record.js';
import type { RowArena } from './row-arena.js';
import type { PlannedWindow } from './tiers.js';

/**
 * The sums of rings' windows before their open bucket, kept up to date as time goes on. Windows that reach back to the
 * same bucket share one sum: a series that is younger than its windows, or rare, keeps and moves few of them. Those that
 * share a sum stand beside each other, by length.
 */
export class WindowSums {
  /** @param windows of a ring, by length */
  constructor(
    private readonly records: RowArena,
    private readonly buckets: BucketStore,
    private readonly held: HeldBuckets,
    private readonly windows: readonly PlannedWindow[],
  ) {}

  /** @param window its place among the windows */
  at(ring: number, window: number): number {
    return this.records.values[ring + field.sums + window]!;
  }

  /**
   * The first window whose sum holds a bucket, as those of all longer ones do: when it lies before the open one. How many
   * windows there are when none does.
   */
  firstHolding(ring: number, index: number): number {
    const { windows } = this;
    const open = this.records.values[ring + field.open]!;
    if (index >= open) return windows.length;
    let first = 0;
    while (first < windows.length && index <= open - windows[first]!.buckets) first++;
    if (first < windows.length) this.separate(ring, first);
    return first;
  }

  /** The sum of a window, about to be changed; `emptyBucket` when a longer window shares it, whose turn comes. */
  ownSum(ring: number, window: number): number {
    return this.sharedWithLonger(ring, window) ? emptyBucket : this.own(ring, window);
  }

  /**
   * Brings the windows to an open bucket.
   * @returns whether a bucket left one of them
   */
  advance(ring: number, open: number): boolean {
    const before = this.records.values[ring + field.open]!;
    this.records.values[ring + field.open] = open;
    // So many windows, the shortest, see nothing of what they saw.
    let anew = 0;
    while (anew < this.windows.length && this.windows[anew]!.buckets <= open - before) anew++;
    this.enter(ring, anew, before, open);
    const left = this.leave(ring, anew, before, open);
    this.share(ring, anew, open);
    return this.leftAnew(ring, anew, before, open) || left;
  }

  /** The first millisecond at which a bucket leaves a window. `Infinity`: none does. */
  nextLeaveMs(ring: number, lengthMs: number): number {
    const open = this.records.values[ring + field.open]!;
    let next = Infinity;
    for (const { buckets } of this.windows) {
      const oldest = this.held.indexAt(ring, this.held.positionFrom(ring, open - buckets + 1));
      if (oldest <= open) next = Math.min(next, (oldest + buckets) * lengthMs + 1);
    }
    return next;
  }

  free(ring: number): void {
    for (let window = 0; window < this.windows.length; window++) this.replace(ring, window, emptyBucket);
  }

  /** Adds what lies in [before, open) to the sums of the windows from `first` on. */
  private enter(ring: number, first: number, before: number, open: number): void {
    const { windows, held } = this;
    if (first === windows.length) return;
    const end = held.positionFrom(ring, open);
    for (let at = held.positionFrom(ring, before); at < end; at++) {
      for (let window = first; window < windows.length; window++) {
        if (this.sharedWithLonger(ring, window)) continue;
        this.buckets.add(this.own(ring, window), held.rowAt(ring, at));
      }
    }
  }

  /** Takes from the windows from `first` on what they no longer reach, the longest first. */
  private leave(ring: number, first: number, before: number, open: number): boolean {
    const { windows, held } = this;
    let left = false;
    for (let window = windows.length - 1; window >= first; window--) {
      const { buckets } = windows[window]!;
      const start = held.positionFrom(ring, before - buckets + 1);
      const end = held.positionFrom(ring, open - buckets + 1);
      if (start === end) continue;
      left = true;
      const shared = this.sharedWithLonger(ring, window);
      // What left the longer window has left the sum that they share already.
      const at = shared ? Math.max(start, held.positionFrom(ring, open - windows[window + 1]!.buckets + 1)) : start;
      if (at === end) continue;
      if (shared) this.separate(ring, window + 1);
      for (let gone = at; gone < end; gone++) this.buckets.subtract(this.own(ring, window), held.rowAt(ring, gone));
    }
    return left;
  }

  private leftAnew(ring: number, anew: number, before: number, open: number): boolean {
    if (before === beforeAll) return false;
    for (let window = 0; window < anew; window++) {
      const { buckets } = this.windows[window]!;
      const end = Math.min(before, open - buckets);
      if (this.held.indexAt(ring, this.held.positionFrom(ring, before - buckets + 1)) <= end) return true;
    }
    return false;
  }

  /** Counts the windows before `anew` from the buckets, and lets those that hold the same share one sum. */
  private share(ring: number, anew: number, open: number): void {
    const { windows, held } = this;
    const end = held.positionFrom(ring, open);
    let startBefore = -1;
    for (let window = 0; window < windows.length; window++) {
      const start = Math.min(end, held.positionFrom(ring, open - windows[window]!.buckets + 1));
      if (start === startBefore) this.replace(ring, window, this.at(ring, window - 1));
      else if (window < anew) this.replace(ring, window, this.sumOf(ring, start, end));
      startBefore = start;
    }
  }

  private sumOf(ring: number, start: number, end: number): number {
    if (start === end) return emptyBucket;
    const sum = this.buckets.create(0);
    for (let at = start; at < end; at++) this.buckets.add(sum, this.held.rowAt(ring, at));
    return sum;
  }

  private sharedWithLonger(ring: number, window: number): boolean {
    return window + 1 < this.windows.length && this.at(ring, window) === this.at(ring, window + 1);
  }

  /** The sum of a window, with those that share it, about to be changed. */
  private own(ring: number, window: number): number {
    const sum = this.at(ring, window);
    if (sum !== emptyBucket) return sum;
    const made = this.buckets.create(0);
    let end = window + 1;
    while (end < this.windows.length && this.at(ring, end) === sum) end++;
    this.giveSharers(ring, end, made);
    return made;
  }

  /** Gives the windows before `window` that share its sum one of their own. */
  private separate(ring: number, window: number): void {
    if (window === 0) return;
    const shared = this.at(ring, window);
    if (this.at(ring, window - 1) !== shared) return;
    const own = this.buckets.create(0);
    this.buckets.add(own, shared);
    this.giveSharers(ring, window, own);
  }

  /** Gives the last window before `end`, and those before it that share its sum, another one. */
  private giveSharers(ring: number, end: number, sum: number): void {
    const before = this.at(ring, end - 1);
    let first = end - 1;
    while (first > 0 && this.at(ring, first - 1) === before) first--;
    for (let window = first; window < end; window++) this.replace(ring, window, sum);
  }

  /**
   * Gives a window another sum; frees the one that it had when no window beside it shares it. Of windows that share one,
   * the shortest goes first.
   */
  private replace(ring: number, window: number, sum: number): void {
    const { values } = this.records;
    const at = ring + field.sums + window;
    const before = values[at]!;
    values[at] = sum;
    if (before === emptyBucket || before === sum) return;
    const longer = window + 1 < this.windows.length ? values[at + 1] : emptyBucket;
    const shorter = window > 0 ? values[at - 1] : emptyBucket;
    if (longer !== before && shorter !== before) this.buckets.free(before);
  }
}
