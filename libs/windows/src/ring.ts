import { bucketAt, entersAtMs, leavesAtMs, openBucket } from './bucket-time.js';
import type { Bucket, BucketKind } from './bucket-kind.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import type { PlannedTier } from './tiers.js';

/** So many buckets lie in one entry of a checkpoint. */
const bucketsPerEntry = 16;
/** First byte of an entry. */
const entryFormat = 1;

const none: readonly never[] = [];

/** A window over a ring: the sum of its buckets that lie before the open one, kept up to date. */
interface RingWindow<B> {
  readonly windowMs: number;
  readonly buckets: number;
  closed: B;
}

/**
 * The buckets of one series in one tier, and the sums of the windows that are read from it. What an event costs does not
 * depend on a window's length. Only buckets in which something happened exist; older ones than the longest window are
 * dropped. Buckets ahead of the clock wait for it.
 */
export class Ring<B extends Bucket> {
  readonly lengthMs: number;
  private kept: number;
  private readonly buckets = new Map<number, B>();
  private readonly windows: RingWindow<B>[];
  private last: B | null = null;
  /** The open bucket of the last `advance`; the sums hold what lies before it. */
  private open = -Infinity;
  private newest = -Infinity;
  private readonly changedEntries = new Set<number>();
  private lastChanged = NaN;

  constructor(
    private readonly kind: BucketKind<B>,
    tier: PlannedTier,
  ) {
    this.lengthMs = tier.lengthMs;
    this.kept = tier.buckets;
    this.windows = tier.windows.map((window) => ({ ...window, closed: kind.create(0) }));
  }

  get size(): number {
    return this.buckets.size;
  }

  /**
   * The bucket that holds a time, made when missing, about to be changed; `null` when it no longer exists at this tick.
   * Whoever changes it changes every sum of `sumsHolding` alike.
   */
  change(timeMs: number, tickMs: number): B | null {
    const index = bucketAt(timeMs, this.lengthMs);
    if (this.last?.index !== index) {
      if (index <= openBucket(tickMs, this.lengthMs) - this.kept) return null;
      let bucket = this.buckets.get(index);
      if (bucket === undefined) {
        bucket = this.kind.create(index);
        this.buckets.set(index, bucket);
        if (index > this.newest) this.newest = index;
      }
      this.last = bucket;
    } else if (index <= openBucket(tickMs, this.lengthMs) - this.kept) return null;
    this.markChanged(index);
    return this.last;
  }

  /** The sums that already hold a bucket: those of windows that reach back to it, when it is older than the open one. */
  sumsHolding(index: number): readonly B[] {
    if (index >= this.open) return none;
    return this.windows.filter((window) => index > this.open - window.buckets).map((window) => window.closed);
  }

  /** The buckets of the last `count`, up to the open one, oldest first; `undefined` where nothing happened. */
  latest(count: number): (B | undefined)[] {
    return Array.from({ length: count }, (_, i) => this.buckets.get(this.open - count + 1 + i));
  }

  get(index: number): B | undefined {
    return this.buckets.get(index);
  }

  /** All buckets that exist, in no particular order. */
  values(): IterableIterator<B> {
    return this.buckets.values();
  }

  /** The open bucket, if anything happened in it. */
  get openBucket(): B | undefined {
    return this.buckets.get(this.open);
  }

  /** Keeps so many buckets from now on; those of its longest window at least. */
  keep(buckets: number): void {
    this.kept = Math.max(buckets, ...this.windows.map((window) => window.buckets));
  }

  serves(windowMs: number): boolean {
    return this.windows.some((each) => each.windowMs === windowMs);
  }

  /** The sum of a window's buckets before the open one. @throws when the tier was not planned for it */
  closed(windowMs: number): B {
    const window = this.windows.find((each) => each.windowMs === windowMs);
    if (!window) throw new Error(`a tier of ${this.lengthMs} ms serves no window of ${windowMs} ms`);
    return window.closed;
  }

  /**
   * Brings the windows to a tick and drops what no window reaches any more.
   * @returns whether a bucket in which something happened entered or left a window
   */
  advance(tickMs: number): boolean {
    const open = openBucket(tickMs, this.lengthMs);
    const before = this.open;
    if (open <= before) return false;
    let moved = this.occupied(before + 1, open);
    for (const window of this.windows) moved = this.move(window, before, open) || moved;
    this.open = open;
    this.drop(before, open);
    return moved;
  }

  /** The first millisecond at which `advance` would find a bucket entering or leaving a window; `null`: never. */
  nextMoveMs(): number | null {
    let next = Infinity;
    if (this.newest > this.open) {
      for (const index of this.buckets.keys()) {
        if (index > this.open) next = Math.min(next, entersAtMs(index, this.lengthMs));
      }
    }
    for (const { buckets } of this.windows) {
      const oldest = this.firstFrom(this.open - buckets + 1);
      if (oldest !== null) next = Math.min(next, leavesAtMs(oldest, buckets, this.lengthMs));
    }
    return next === Infinity ? null : next;
  }

  /** Adds the entries that changed to a checkpoint. @param prefix of this ring, such as `ring/m/v1/labels/5000/` */
  takeChanges(prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changedEntries) into.set(prefix + entry, this.entry(entry));
    this.changedEntries.clear();
    this.lastChanged = NaN;
  }

  /** Deletes every entry of this ring in a checkpoint. */
  deleteEntries(prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changedEntries) into.set(prefix + entry, null);
    for (const index of this.buckets.keys()) into.set(prefix + Math.floor(index / bucketsPerEntry), null);
  }

  /** Takes in an entry of a checkpoint. */
  restoreEntry(entry: number, bytes: Uint8Array): void {
    const reader = new PackedReader(bytes);
    const format = reader.number();
    if (format !== entryFormat) throw new Error(`entry of buckets has format ${format}, expected ${entryFormat}`);
    while (!reader.done) {
      const index = entry * bucketsPerEntry + reader.number();
      this.buckets.set(index, this.kind.read(index, reader));
      if (index > this.newest) this.newest = index;
    }
  }

  /** Takes in the buckets of a finer ring, or of one of the same length: when a model's tiers are laid out anew. */
  takeOver(finer: Ring<B>): void {
    for (const bucket of finer.buckets.values()) {
      const index = bucketAt(bucket.index * finer.lengthMs, this.lengthMs);
      let mine = this.buckets.get(index);
      if (mine === undefined) this.buckets.set(index, (mine = this.kind.create(index)));
      this.kind.add(mine, bucket);
      if (index > this.newest) this.newest = index;
      this.markChanged(index);
    }
  }

  /** Says that a bucket was changed, so that the next checkpoint holds it. */
  markChanged(index: number): void {
    const entry = Math.floor(index / bucketsPerEntry);
    if (entry === this.lastChanged) return;
    this.changedEntries.add(entry);
    this.lastChanged = entry;
  }

  private entry(entry: number): Uint8Array | null {
    const writer = new PackedWriter();
    let empty = true;
    writer.number(entryFormat);
    for (let offset = 0; offset < bucketsPerEntry; offset++) {
      const bucket = this.buckets.get(entry * bucketsPerEntry + offset);
      if (bucket === undefined) continue;
      writer.number(offset);
      this.kind.write(bucket, writer);
      empty = false;
    }
    return empty ? null : writer.finish();
  }

  private move(window: RingWindow<B>, before: number, open: number): boolean {
    const from = open - window.buckets + 1;
    if (open - before >= window.buckets) {
      const left = before !== -Infinity && this.occupied(before - window.buckets + 1, Math.min(before, from - 1));
      window.closed = this.kind.create(0);
      this.each(from, open - 1, (bucket) => this.kind.add(window.closed, bucket));
      return left;
    }
    this.each(before, open - 1, (bucket) => this.kind.add(window.closed, bucket));
    let left = false;
    this.each(before - window.buckets + 1, from - 1, (bucket) => {
      this.kind.subtract(window.closed, bucket);
      left = true;
    });
    return left;
  }

  /** Calls for every bucket that exists in [from, to]. Sums are whole numbers: the order makes no difference. */
  private each(from: number, to: number, visit: (bucket: B) => void): void {
    if (to - from + 1 > this.buckets.size) {
      for (const bucket of this.buckets.values()) if (bucket.index >= from && bucket.index <= to) visit(bucket);
      return;
    }
    for (let index = from; index <= to; index++) {
      const bucket = this.buckets.get(index);
      if (bucket !== undefined) visit(bucket);
    }
  }

  private occupied(from: number, to: number): boolean {
    let found = false;
    this.each(from, to, () => (found = true));
    return found;
  }

  private firstFrom(from: number): number | null {
    if (this.newest < from) return null;
    if (this.newest - from < this.buckets.size) {
      for (let index = from; index <= this.open; index++) if (this.buckets.has(index)) return index;
      return null;
    }
    let first = Infinity;
    for (const index of this.buckets.keys()) if (index >= from && index <= this.open && index < first) first = index;
    return first === Infinity ? null : first;
  }

  private drop(before: number, open: number): void {
    const end = open - this.kept;
    this.each(before === -Infinity ? -Infinity : before - this.kept + 1, end, ({ index }) => {
      this.buckets.delete(index);
      const entry = Math.floor(index / bucketsPerEntry);
      if ((entry + 1) * bucketsPerEntry - 1 <= end) this.markChanged(index);
    });
    if (this.last && this.last.index <= end) this.last = null;
  }
}
