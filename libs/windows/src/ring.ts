import { bucketAt, entersAtMs, openBucket } from './bucket-time.js';
import type { Bucket, BucketKind } from './bucket-kind.js';
import { HeldBuckets } from './held-buckets.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import type { PlannedTier } from './tiers.js';
import { WindowSums } from './window-sums.js';

/** So many buckets lie in one entry of a checkpoint. */
const bucketsPerEntry = 16;
/** First byte of an entry. */
const entryFormat = 1;
const writer = new PackedWriter();

/**
 * The buckets of one series in one tier, and the sums of the windows that are read from it. What an event costs does not
 * depend on a window's length. Only buckets in which something happened exist; older ones than the longest window are
 * dropped. Buckets ahead of the clock wait for it.
 */
export class Ring<B extends Bucket> {
  readonly lengthMs: number;
  private kept: number;
  private readonly held = new HeldBuckets<B>();
  private readonly sums: WindowSums<B>;
  private last: B | null = null;
  /** The open bucket of the last `advance`; the sums hold what lies before it. */
  private open = -Infinity;
  /** What `nextMoveMs` found; `null` when it has to look anew. */
  private nextMove: number | null = null;
  private changedEntries: number[] = [];
  private lastChanged = NaN;

  constructor(
    private readonly kind: BucketKind<B>,
    tier: PlannedTier,
  ) {
    this.lengthMs = tier.lengthMs;
    this.kept = tier.buckets;
    this.sums = new WindowSums(kind, tier.windows);
  }

  get size(): number {
    return this.held.size;
  }

  /**
   * The bucket that holds a time, made when missing, about to be changed; `null` when it no longer exists at this tick.
   * Whoever changes it changes every sum of `sumsHolding` alike.
   */
  change(timeMs: number, tickMs: number): B | null {
    const index = bucketAt(timeMs, this.lengthMs);
    if (index <= openBucket(tickMs, this.lengthMs) - this.kept) return null;
    if (this.last?.index !== index) this.last = this.bucket(index);
    this.markChanged(index);
    return this.last;
  }

  /** The sums that already hold a bucket: those of windows that reach back to it, when it is older than the open one. */
  sumsHolding(index: number): readonly B[] {
    return this.sums.holding(index);
  }

  /** The buckets among the last `count`, up to the open one, in which something happened, by time. */
  latest(count: number): readonly B[] {
    return this.held.between(this.open - count + 1, this.open + 1);
  }

  get(index: number): B | undefined {
    return this.held.get(index);
  }

  /** All buckets that exist, by time. */
  values(): IterableIterator<B> {
    return this.held[Symbol.iterator]();
  }

  /** The open bucket, if anything happened in it. */
  get openBucket(): B | undefined {
    return this.last?.index === this.open ? this.last : this.held.get(this.open);
  }

  /** Keeps so many buckets from now on; those of its longest window at least. */
  keep(buckets: number): void {
    this.kept = Math.max(buckets, this.sums.longest);
  }

  serves(windowMs: number): boolean {
    return this.sums.indexOf(windowMs) >= 0;
  }

  /** The sum of a window's buckets before the open one. @throws when the tier was not planned for it */
  closed(windowMs: number): B {
    const window = this.sums.indexOf(windowMs);
    if (window < 0) throw new Error(`a tier of ${this.lengthMs} ms serves no window of ${windowMs} ms`);
    return this.sums.at(window);
  }

  /** The same for a window of the tier by its place in it. */
  closedAt(window: number): B {
    return this.sums.at(window);
  }

  /**
   * Brings the windows to a tick and drops what no window reaches any more.
   * @returns whether a bucket in which something happened entered or left a window
   */
  advance(tickMs: number): boolean {
    const open = openBucket(tickMs, this.lengthMs);
    const before = this.open;
    if (open <= before) return false;
    const entered = this.held.from(before + 1) < this.held.from(open + 1);
    const left = this.sums.advance(open, this.held);
    this.open = open;
    this.nextMove = null;
    this.drop(open - this.kept);
    return entered || left;
  }

  /** The first millisecond at which `advance` would find a bucket entering or leaving a window; `null`: never. */
  nextMoveMs(): number | null {
    this.nextMove ??= this.findNextMoveMs();
    return this.nextMove === Infinity ? null : this.nextMove;
  }

  /** Adds the entries that changed to a checkpoint. @param prefix of this ring, such as `ring/m/v1/labels/5000/` */
  takeChanges(prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changedEntries) into.set(prefix + entry, this.entry(entry));
    this.changedEntries = [];
    this.lastChanged = NaN;
  }

  /** Deletes every entry of this ring in a checkpoint. */
  deleteEntries(prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changedEntries) into.set(prefix + entry, null);
    for (const { index } of this.held) into.set(prefix + Math.floor(index / bucketsPerEntry), null);
  }

  /** Takes in an entry of a checkpoint. */
  restoreEntry(entry: number, bytes: Uint8Array): void {
    const reader = new PackedReader(bytes);
    const format = reader.number();
    if (format !== entryFormat) throw new Error(`entry of buckets has format ${format}, expected ${entryFormat}`);
    while (!reader.done) {
      const index = entry * bucketsPerEntry + reader.number();
      this.held.add(this.kind.read(index, reader));
    }
    this.nextMove = null;
  }

  /** Takes in the buckets of a finer ring, or of one of the same length: when a model's tiers are laid out anew. */
  takeOver(finer: Ring<B>): void {
    for (const bucket of finer.held) {
      const index = bucketAt(bucket.index * finer.lengthMs, this.lengthMs);
      this.kind.add(this.bucket(index), bucket);
      this.markChanged(index);
    }
  }

  /** Says that a bucket was changed, so that the next checkpoint holds it. */
  markChanged(index: number): void {
    const entry = Math.floor(index / bucketsPerEntry);
    if (entry === this.lastChanged) return;
    if (!this.changedEntries.includes(entry)) this.changedEntries.push(entry);
    this.lastChanged = entry;
  }

  /** The bucket, made when missing. */
  private bucket(index: number): B {
    const found = this.held.get(index);
    if (found !== undefined) return found;
    const made = this.kind.create(index);
    this.held.add(made);
    this.nextMove = null;
    return made;
  }

  private entry(entry: number): Uint8Array | null {
    const first = entry * bucketsPerEntry;
    let position = this.held.from(first);
    let bucket = this.held.at(position);
    if (bucket === undefined || bucket.index >= first + bucketsPerEntry) return null;
    writer.number(entryFormat);
    for (; bucket !== undefined && bucket.index < first + bucketsPerEntry; bucket = this.held.at(++position)) {
      writer.number(bucket.index - first);
      this.kind.write(bucket, writer);
    }
    return writer.finish();
  }

  private findNextMoveMs(): number {
    const entering = this.held.at(this.held.from(this.open + 1));
    const enters = entering === undefined ? Infinity : entersAtMs(entering.index, this.lengthMs);
    return Math.min(enters, this.sums.nextLeaveMs(this.lengthMs, this.held));
  }

  private drop(end: number): void {
    for (const { index } of this.held.takeBefore(end + 1)) {
      const entry = Math.floor(index / bucketsPerEntry);
      if ((entry + 1) * bucketsPerEntry - 1 <= end) this.markChanged(index);
    }
    if (this.last && this.last.index <= end) this.last = null;
  }
}
