import { bucketAt, entersAtMs, openBucket } from './bucket-time.js';
import type { Bucket, BucketKind } from './bucket-kind.js';
import { bucketOf, positionFrom, withBucket } from './held-buckets.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import type { PlannedTier } from './tiers.js';
import { beforeAll, WindowSums } from './window-sums.js';

/** So many buckets lie in one entry of a checkpoint. */
const bucketsPerEntry = 16;
/** First byte of an entry. */
const entryFormat = 2;
const writer = new PackedWriter();
const none: readonly never[] = [];

/**
 * The buckets of one series in one tier, and the sums of the windows that are read from it. What an event costs does not
 * depend on a window's length. Only buckets in which something happened exist; older ones than the longest window are
 * dropped. Buckets ahead of the clock wait for it.
 */
export class Ring<B extends Bucket> {
  private kept: number;
  private held: B[] = [];
  private readonly sums: WindowSums<B>;
  private last: B | null = null;
  /** The open bucket of the last `advance`; the sums hold what lies before it. */
  private open = beforeAll;
  /** What `nextMoveMs` found; `null` when it has to look anew. */
  private nextMove: number | null = null;
  private changedEntries: readonly number[] = none;
  private lastChanged = beforeAll;

  constructor(
    private readonly kind: BucketKind<B>,
    private readonly tier: PlannedTier,
  ) {
    this.kept = tier.buckets;
    this.sums = new WindowSums(kind, tier.windows);
  }

  get lengthMs(): number {
    return this.tier.lengthMs;
  }

  get size(): number {
    return this.held.length;
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
    return this.held.slice(positionFrom(this.held, this.open - count + 1), positionFrom(this.held, this.open + 1));
  }

  /** All buckets that exist, by time. */
  values(): readonly B[] {
    return this.held;
  }

  /** The open bucket, if anything happened in it. */
  get openBucket(): B | undefined {
    return this.last?.index === this.open ? this.last : bucketOf(this.held, this.open);
  }

  /** Keeps so many buckets from now on; those of its longest window at least. */
  keep(buckets: number): void {
    this.kept = Math.max(buckets, ...this.tier.windows.map((window) => window.buckets));
  }

  /** The sum of a window's buckets before the open one. @param window its place in the tier */
  closed(window: number): B {
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
    const entered = positionFrom(this.held, before + 1) < positionFrom(this.held, open + 1);
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

  /**
   * Adds the entries that changed to a checkpoint, but for the newest: that one changes nearly always, and is written with
   * what else is kept of its series, by `writeNewest`.
   * @param prefix of this ring, such as `ring/m/v1/labels/5000/`
   */
  takeChanges(prefix: string, into: Map<string, Uint8Array | null>): void {
    const newest = this.newestEntry;
    for (const entry of this.changedEntries) {
      if (entry === newest) continue;
      writer.begin().number(entryFormat);
      const empty = !this.writeEntry(entry, writer);
      const bytes = writer.finish();
      into.set(prefix + entry, empty ? null : bytes);
    }
    this.changedEntries = none;
    this.lastChanged = beforeAll;
  }

  writeNewest(to: PackedWriter): void {
    const entry = this.newestEntry;
    to.flags([entry !== null]);
    if (entry === null) return;
    to.double(entry);
    this.writeEntry(entry, to);
  }

  /** Deletes every entry of this ring in a checkpoint. */
  deleteEntries(prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changedEntries) into.set(prefix + entry, null);
    for (const { index } of this.held) into.set(prefix + entryOf(index), null);
  }

  /** Takes in an entry of a checkpoint. */
  restoreEntry(entry: number, bytes: Uint8Array): void {
    const reader = new PackedReader(bytes);
    const format = reader.number();
    if (format !== entryFormat) throw new Error(`entry of buckets has format ${format}, expected ${entryFormat}`);
    this.readEntry(entry, reader);
  }

  /** Takes in what `writeNewest` wrote. */
  restoreNewest(reader: PackedReader): void {
    const [exists] = reader.flags(1);
    if (exists) this.readEntry(reader.double(), reader);
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
    const entry = entryOf(index);
    if (entry === this.lastChanged) return;
    if (!this.changedEntries.includes(entry)) this.changedEntries = [...this.changedEntries, entry];
    this.lastChanged = entry;
  }

  /** The bucket, made when missing. */
  private bucket(index: number): B {
    const found = bucketOf(this.held, index);
    if (found !== undefined) return found;
    const made = this.kind.create(index);
    // The entry that was the newest has had no place of its own yet.
    const newest = this.held.at(-1);
    if (newest !== undefined && entryOf(index) > entryOf(newest.index)) this.markChanged(newest.index);
    this.held = withBucket(this.held, made);
    this.nextMove = null;
    return made;
  }

  private get newestEntry(): number | null {
    const newest = this.held.at(-1);
    return newest === undefined ? null : entryOf(newest.index);
  }

  /** @returns whether there was anything to write */
  private writeEntry(entry: number, to: PackedWriter): boolean {
    const first = entry * bucketsPerEntry;
    const from = positionFrom(this.held, first);
    const end = positionFrom(this.held, first + bucketsPerEntry);
    to.number(end - from);
    for (let position = from; position < end; position++) {
      const bucket = this.held[position] as B;
      to.number(bucket.index - first);
      this.kind.write(bucket, to);
    }
    return end > from;
  }

  private readEntry(entry: number, reader: PackedReader): void {
    for (let left = reader.number(); left > 0; left--) {
      const index = entry * bucketsPerEntry + reader.number();
      this.held = withBucket(this.held, this.kind.read(index, reader));
    }
    this.nextMove = null;
  }

  private findNextMoveMs(): number {
    const entering = this.held[positionFrom(this.held, this.open + 1)];
    const enters = entering === undefined ? Infinity : entersAtMs(entering.index, this.lengthMs);
    return Math.min(enters, this.sums.nextLeaveMs(this.lengthMs, this.held));
  }

  private drop(end: number): void {
    const dropped = positionFrom(this.held, end + 1);
    if (dropped === 0) return;
    for (const { index } of this.held.splice(0, dropped)) {
      const entry = entryOf(index);
      if ((entry + 1) * bucketsPerEntry - 1 <= end) this.markChanged(index);
    }
    if (this.last && this.last.index <= end) this.last = null;
  }
}

function entryOf(index: number): number {
  return Math.floor(index / bucketsPerEntry);
}
