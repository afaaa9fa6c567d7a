/** Where a row of a log stands, in time and in its file. */
export interface TimedLine {
  readonly timeMs: number;
  readonly line: number;
}

/** Two predictions with nothing between them. */
export interface Gap {
  readonly before: TimedLine;
  readonly after: TimedLine;
  readonly lengthMs: number;
}

/** A stretch of time in which predictions lie close together. */
interface Stretch {
  first: TimedLine;
  last: TimedLine;
}

/**
 * Finds the longest gap between the times of a log, in whatever order they come and however many they are: close times
 * become one stretch. Only so many gaps are kept that each of those is longer than any that was closed, so a gap of more than a
 * thousandth of the whole time is found as long as it is.
 */
export class LongestGap {
  /** In order of time, without overlap. */
  private stretches: Stretch[] = [];

  add(at: TimedLine): void {
    const index = this.stretchAt(at.timeMs);
    const stretch = this.stretches[index];
    if (stretch !== undefined && at.timeMs <= stretch.last.timeMs) {
      if (at.timeMs === stretch.last.timeMs) stretch.last = at;
      return;
    }
    this.stretches.splice(index + 1, 0, { first: at, last: at });
    if (this.stretches.length >= 2 * keptStretches) this.close();
  }

  /** `null`: there are no two times. */
  get(): Gap | null {
    let longest: Gap | null = null;
    this.stretches.forEach(({ first: after }, index) => {
      const before = this.stretches[index - 1]?.last;
      if (before === undefined) return;
      const lengthMs = after.timeMs - before.timeMs;
      if (lengthMs > (longest?.lengthMs ?? 0)) longest = { before, after, lengthMs };
    });
    return longest;
  }

  /** The last stretch that begins at a time or before; -1: none does. */
  private stretchAt(timeMs: number): number {
    const { stretches } = this;
    let [low, high] = [0, stretches.length];
    // Logs are mostly in order.
    if (high > 0 && (stretches[high - 1] as Stretch).first.timeMs <= timeMs) return high - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((stretches[middle] as Stretch).first.timeMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Joins the stretches that lie closest together. */
  private close(): void {
    const { stretches } = this;
    const gaps = stretches.slice(1).map(({ first }, index) => first.timeMs - (stretches[index] as Stretch).last.timeMs);
    const shortest = [...gaps].sort((a, b) => b - a)[keptStretches - 1] ?? 0;
    const kept: Stretch[] = [stretches[0] as Stretch];
    gaps.forEach((gap, index) => {
      const next = stretches[index + 1] as Stretch;
      if (gap > shortest) kept.push(next);
      else (kept.at(-1) as Stretch).last = next.last;
    });
    this.stretches = kept;
  }
}

const keptStretches = 1024;
