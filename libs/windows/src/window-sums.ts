import type { Bucket, BucketKind } from './bucket-kind.js';
import { positionFrom, type HeldBuckets } from './held-buckets.js';
import type { PlannedWindow } from './tiers.js';

const none: readonly never[] = [];

/** Before every bucket. A small integer: unlike −Infinity it takes no memory of its own. */
export const beforeAll = -(2 ** 30);

/**
 * The sums of a ring's windows before its open bucket, kept up to date as time goes on. Windows that reach back to the same
 * bucket share one sum: a series that is younger than its windows, or rare, keeps and moves few of them.
 */
export class WindowSums<B extends Bucket> {
  /** By length, as `windows`. Those that share a sum stand beside each other. */
  private readonly sums: B[];
  /** The sums hold what lies before this bucket. */
  private open = beforeAll;

  /** @param windows by length */
  constructor(
    private readonly kind: BucketKind<B>,
    private readonly windows: readonly PlannedWindow[],
  ) {
    this.sums = windows.map(() => kind.empty);
  }

  at(window: number): B {
    return this.sums[window] as B;
  }

  /** The sums that hold a bucket, each once: those of windows that reach back to it, when it lies before the open one. */
  holding(index: number): readonly B[] {
    if (index >= this.open) return none;
    const { windows, open } = this;
    const first = windows.findIndex((window) => index > open - window.buckets);
    if (first < 0) return none;
    this.separate(first);
    const holding: B[] = [];
    for (let i = first; i < windows.length; i++) {
      if (this.sums[i] !== this.sums[i + 1]) holding.push(this.own(i));
    }
    return holding;
  }

  /**
   * Brings the windows to an open bucket.
   * @returns whether a bucket left one of them
   */
  advance(open: number, held: HeldBuckets<B>): boolean {
    const before = this.open;
    this.open = open;
    // So many windows, the shortest, see nothing of what they saw.
    let anew = 0;
    while ((this.windows[anew]?.buckets ?? Infinity) <= open - before) anew++;
    this.enter(anew, before, open, held);
    const left = this.leave(anew, before, open, held);
    this.share(anew, open, held);
    return this.leftAnew(anew, before, open, held) || left;
  }

  /** The first millisecond at which a bucket leaves a window. `Infinity`: none does. */
  nextLeaveMs(lengthMs: number, held: HeldBuckets<B>): number {
    let next = Infinity;
    for (const { buckets } of this.windows) {
      const oldest = held[positionFrom(held, this.open - buckets + 1)];
      if (oldest === undefined || oldest.index > this.open) continue;
      next = Math.min(next, (oldest.index + buckets) * lengthMs + 1);
    }
    return next;
  }

  /** Adds what lies in [before, open) to the sums of the windows from `first` on. */
  private enter(first: number, before: number, open: number, held: HeldBuckets<B>): void {
    const { windows, sums, kind } = this;
    if (first === windows.length) return;
    const end = positionFrom(held, open);
    for (let at = positionFrom(held, before); at < end; at++) {
      for (let i = first; i < windows.length; i++) {
        if (sums[i] !== sums[i + 1]) kind.add(this.own(i), held[at] as B);
      }
    }
  }

  /** Takes from the windows from `first` on what they no longer reach, the longest first. */
  private leave(first: number, before: number, open: number, held: HeldBuckets<B>): boolean {
    const { windows, sums, kind } = this;
    let left = false;
    for (let i = windows.length - 1; i >= first; i--) {
      const { buckets } = windows[i] as PlannedWindow;
      const start = positionFrom(held, before - buckets + 1);
      const end = positionFrom(held, open - buckets + 1);
      if (start === end) continue;
      left = true;
      const longer = windows[i + 1];
      const shared = longer !== undefined && sums[i] === sums[i + 1];
      // What left the longer window has left the sum that they share already.
      const at = shared ? Math.max(start, positionFrom(held, open - longer.buckets + 1)) : start;
      if (at === end) continue;
      if (shared) this.separate(i + 1);
      for (let gone = at; gone < end; gone++) kind.subtract(this.own(i), held[gone] as B);
    }
    return left;
  }

  private leftAnew(anew: number, before: number, open: number, held: HeldBuckets<B>): boolean {
    for (let i = 0; i < anew; i++) {
      const { buckets } = this.windows[i] as PlannedWindow;
      const end = Math.min(before, open - buckets);
      if (positionFrom(held, before - buckets + 1) < positionFrom(held, end + 1)) return before !== beforeAll;
    }
    return false;
  }

  /** Counts the windows before `anew` from the buckets, and lets those that hold the same share one sum. */
  private share(anew: number, open: number, held: HeldBuckets<B>): void {
    const { windows, sums, kind } = this;
    const end = positionFrom(held, open);
    let startBefore = -1;
    for (let i = 0; i < windows.length; i++) {
      const start = Math.min(end, positionFrom(held, open - (windows[i] as PlannedWindow).buckets + 1));
      if (start === startBefore) sums[i] = sums[i - 1] as B;
      else if (i < anew) {
        sums[i] = start === end ? kind.empty : kind.create(0);
        for (let at = start; at < end; at++) kind.add(sums[i] as B, held[at] as B);
      }
      startBefore = start;
    }
  }

  /** The sum of a window, with those that share it, about to be changed. */
  private own(window: number): B {
    const { sums, kind } = this;
    const sum = sums[window] as B;
    if (sum !== kind.empty) return sum;
    const made = kind.create(0);
    for (let i = window; sums[i] === sum; i--) sums[i] = made;
    for (let i = window + 1; sums[i] === sum; i++) sums[i] = made;
    return made;
  }

  /** Gives the windows before `window` that share its sum one of their own. */
  private separate(window: number): void {
    const { sums, kind } = this;
    const shared = sums[window];
    if (window === 0 || shared === undefined || sums[window - 1] !== shared) return;
    const own = kind.create(0);
    kind.add(own, shared);
    for (let i = window - 1; sums[i] === shared; i--) sums[i] = own;
  }
}
