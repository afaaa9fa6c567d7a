import type { Bucket, BucketKind } from './bucket-kind.js';
import type { HeldBuckets } from './held-buckets.js';
import type { PlannedWindow } from './tiers.js';

/** A window over a ring: the sum of its buckets that lie before the open one. */
interface WindowSum<B> {
  readonly windowMs: number;
  readonly buckets: number;
  closed: B;
}

const none: readonly never[] = [];

/**
 * The sums of a ring's windows, kept up to date as time goes on. Windows that reach back to the same bucket share one sum:
 * a series that is younger than its windows, or rare, keeps and moves few of them.
 */
export class WindowSums<B extends Bucket> {
  /** By length. Those that share a sum stand beside each other. */
  private readonly windows: readonly WindowSum<B>[];
  /** The sums hold what lies before this bucket. */
  private open = -Infinity;

  constructor(
    private readonly kind: BucketKind<B>,
    windows: readonly PlannedWindow[],
  ) {
    const empty = kind.create(0);
    this.windows = windows.map((window) => ({ ...window, closed: empty })).sort((a, b) => a.buckets - b.buckets);
  }

  /** The longest window. 0 without windows. */
  get longest(): number {
    return this.windows.at(-1)?.buckets ?? 0;
  }

  /** Where a window stands; -1: there is none of that length. */
  indexOf(windowMs: number): number {
    return this.windows.findIndex((window) => window.windowMs === windowMs);
  }

  at(index: number): B {
    return (this.windows[index] as WindowSum<B>).closed;
  }

  /** The sums that hold a bucket, each once: those of windows that reach back to it, when it lies before the open one. */
  holding(index: number): readonly B[] {
    if (index >= this.open) return none;
    const { windows, open } = this;
    const first = windows.findIndex((window) => index > open - window.buckets);
    if (first < 0) return none;
    this.separate(first);
    return windows.slice(first).flatMap(({ closed }, i, from) => (from[i - 1]?.closed === closed ? [] : [closed]));
  }

  /**
   * Brings the windows to an open bucket.
   * @returns whether a bucket left one of them
   */
  advance(open: number, held: HeldBuckets<B>): boolean {
    const before = this.open;
    this.open = open;
    const { windows } = this;
    const anew = windows.filter((window) => window.buckets <= open - before).length;
    this.enter(anew, before, open, held);
    let left = this.leave(anew, before, open, held);
    for (let i = 0; i < anew; i++) {
      const { buckets } = windows[i] as WindowSum<B>;
      const end = Math.min(before, open - buckets);
      left ||= before !== -Infinity && held.from(before - buckets + 1) < held.from(end + 1);
    }
    this.share(anew, open, held);
    return left;
  }

  /** The first millisecond at which a bucket leaves a window. `Infinity`: none does. */
  nextLeaveMs(lengthMs: number, held: HeldBuckets<B>): number {
    let next = Infinity;
    for (const { buckets } of this.windows) {
      const oldest = held.at(held.from(this.open - buckets + 1));
      if (oldest === undefined || oldest.index > this.open) continue;
      next = Math.min(next, (oldest.index + buckets) * lengthMs + 1);
    }
    return next;
  }

  /** Adds what lies in [before, open) to the sums of the windows from `first` on. */
  private enter(first: number, before: number, open: number, held: HeldBuckets<B>): void {
    const { windows, kind } = this;
    const end = held.from(open);
    for (let at = first < windows.length ? held.from(before) : end; at < end; at++) {
      const bucket = held.at(at) as B;
      for (let i = first; i < windows.length; i++) {
        const { closed } = windows[i] as WindowSum<B>;
        if (windows[i + 1]?.closed !== closed) kind.add(closed, bucket);
      }
    }
  }

  /** Takes from the windows from `first` on what they no longer reach, the longest first. */
  private leave(first: number, before: number, open: number, held: HeldBuckets<B>): boolean {
    const { windows, kind } = this;
    let left = false;
    for (let i = windows.length - 1; i >= first; i--) {
      const { buckets, closed } = windows[i] as WindowSum<B>;
      const longer = windows[i + 1];
      const oldest = before - buckets + 1;
      const start = held.from(oldest);
      const end = held.from(open - buckets + 1);
      if (start === end) continue;
      left = true;
      // What left the longer window has left the sum that they share already.
      const at = longer?.closed === closed ? Math.max(start, held.from(open - longer.buckets + 1)) : start;
      if (at === end) continue;
      if (longer?.closed === closed) this.separate(i + 1);
      for (let gone = at; gone < end; gone++) {
        kind.subtract((windows[i] as WindowSum<B>).closed, held.at(gone) as B);
      }
    }
    return left;
  }

  /** Counts the windows before `anew` from the buckets, and lets those that hold the same share one sum. */
  private share(anew: number, open: number, held: HeldBuckets<B>): void {
    const { windows, kind } = this;
    const end = held.from(open);
    let startBefore = -1;
    for (let i = 0; i < windows.length; i++) {
      const window = windows[i] as WindowSum<B>;
      const start = Math.min(end, held.from(open - window.buckets + 1));
      if (start === startBefore) window.closed = (windows[i - 1] as WindowSum<B>).closed;
      else if (i < anew) {
        window.closed = kind.create(0);
        for (let at = start; at < end; at++) kind.add(window.closed, held.at(at) as B);
      }
      startBefore = start;
    }
  }

  /** Gives the windows before `index` that share its sum one of their own. */
  private separate(index: number): void {
    const { windows, kind } = this;
    const shared = windows[index]?.closed;
    if (shared === undefined || windows[index - 1]?.closed !== shared) return;
    const own = kind.create(0);
    kind.add(own, shared);
    for (let i = index - 1; windows[i]?.closed === shared; i--) (windows[i] as WindowSum<B>).closed = own;
  }
}
