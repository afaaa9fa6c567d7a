import { expectFormat } from '@moola/contracts/entry-format';
import { bucketAt, entersAtMs, openBucket } from './bucket-time.js';
import { bucketFormat, emptyBucket, olderBucketFormats, type BucketStore } from './bucket-store.js';
import { bucketsPerEntry, ChangedEntries, entryOf } from './changed-entries.js';
import { HeldBuckets } from './held-buckets.js';
import type { ListArena } from './list-arena.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { beforeAll, ring as field } from './ring-record.js';
import type { RowArena } from './row-arena.js';
import type { PlannedTier } from './tiers.js';
import { WindowSums } from './window-sums.js';

const writer = new PackedWriter();

/**
 * The rings of one tier. A ring has the buckets of one series, and the sums of the windows that are read from them. What
 * an event costs does not depend on a window's length. Only buckets in which something happened exist; older ones than
 * the longest window are dropped. Buckets ahead of the clock wait for it. A ring is known by where its record begins,
 * which is part of its series' record: see `of`.
 */
export class Rings<B extends BucketStore = BucketStore> {
  private readonly sums: WindowSums;
  private readonly held: HeldBuckets;
  private readonly changed: ChangedEntries;
  /** Buckets of the longest window. */
  private readonly longest: number;

  /**
   * @param records of series
   * @param at where the record of a ring begins in that of its series
   */
  constructor(
    private readonly tier: PlannedTier,
    readonly buckets: B,
    lists: ListArena,
    private readonly records: RowArena,
    private readonly at: number,
  ) {
    this.held = new HeldBuckets(records, buckets, lists);
    this.sums = new WindowSums(records, buckets, this.held, tier.windows);
    this.changed = new ChangedEntries(records);
    this.longest = Math.max(0, ...tier.windows.map((window) => window.buckets));
  }

  /** How many numbers the record of a ring takes. */
  static width(tier: PlannedTier): number {
    return field.sums + tier.windows.length;
  }

  get lengthMs(): number {
    return this.tier.lengthMs;
  }

  /** The ring of a series. */
  of(series: number): number {
    return series + this.at;
  }

  /** Begins an empty ring in a record of zeros. */
  create(ring: number): void {
    const { values } = this.records;
    values[ring + field.open] = beforeAll;
    values[ring + field.nextMoveMs] = NaN;
    values[ring + field.lastIndex] = beforeAll;
    values[ring + field.kept] = this.tier.buckets;
    values[ring + field.changedEntry] = beforeAll;
  }

  /** Frees what a ring holds. */
  free(ring: number): void {
    this.sums.free(ring);
    this.held.dropFirst(ring, this.held.size(ring));
    this.changed.clear(ring);
  }

  size(ring: number): number {
    return this.held.size(ring);
  }

  /** A bucket, by its place in order of time. */
  bucketAt(ring: number, position: number): number {
    return this.held.rowAt(ring, position);
  }

  /**
   * Finds the rows in which an event of that time is to be counted: its bucket, and each sum that holds this already. None
   * when the bucket no longer exists at this tick.
   * @param into gets them from `at` on; there must be room for one more than there are windows
   * @returns where they end
   */
  rowsOf(ring: number, timeMs: number, tickMs: number, into: Float64Array, at: number): number {
    const bucket = this.change(ring, timeMs, tickMs);
    if (bucket === emptyBucket) return at;
    let end = at;
    into[end++] = bucket;
    const windows = this.tier.windows.length;
    for (let window = this.sums.firstHolding(ring, this.buckets.indexOf(bucket)); window < windows; window++) {
      const sum = this.sums.ownSum(ring, window);
      if (sum !== emptyBucket) into[end++] = sum;
    }
    return end;
  }

  /**
   * The bucket that holds a time, made when missing, about to be changed; `emptyBucket` when it no longer exists at this
   * tick. Where there are windows it is not changed alone: see `rowsOf`.
   */
  change(ring: number, timeMs: number, tickMs: number): number {
    const { values } = this.records;
    const { lengthMs } = this;
    const index = bucketAt(timeMs, lengthMs);
    if (index <= openBucket(tickMs, lengthMs) - values[ring + field.kept]!) return emptyBucket;
    if (values[ring + field.lastIndex] !== index) {
      values[ring + field.last] = this.bucket(ring, index);
      values[ring + field.lastIndex] = index;
    }
    this.changed.add(ring, entryOf(index));
    return values[ring + field.last]!;
  }

  /** The buckets among the last `count`, up to the open one, in which something happened, by time. */
  latest(ring: number, count: number): number[] {
    const open = this.records.values[ring + field.open]!;
    const from = this.held.positionFrom(ring, open - count + 1);
    const end = this.held.positionFrom(ring, open + 1);
    return Array.from({ length: end - from }, (_, i) => this.held.rowAt(ring, from + i));
  }

  /** The open bucket; `emptyBucket` if nothing happened in it. */
  openBucket(ring: number): number {
    const { values } = this.records;
    const open = values[ring + field.open]!;
    return values[ring + field.lastIndex] === open ? values[ring + field.last]! : this.find(ring, open);
  }

  /** Keeps so many buckets from now on; those of its longest window at least. */
  keep(ring: number, buckets: number): void {
    this.records.values[ring + field.kept] = Math.max(buckets, this.longest);
  }

  /** The sum of a window's buckets before the open one. @param window its place in the tier */
  closed(ring: number, window: number): number {
    return this.sums.at(ring, window);
  }

  /**
   * Brings the windows to a tick and drops what no window reaches any more.
   * @returns whether a bucket in which something happened entered or left a window
   */
  advance(ring: number, tickMs: number): boolean {
    const { values } = this.records;
    const open = openBucket(tickMs, this.lengthMs);
    const before = values[ring + field.open]!;
    if (open <= before) return false;
    const entered = this.held.indexAt(ring, this.held.positionFrom(ring, before + 1)) <= open;
    const left = this.sums.advance(ring, open);
    values[ring + field.nextMoveMs] = NaN;
    this.drop(ring, open - values[ring + field.kept]!);
    return entered || left;
  }

  /** The first millisecond at which `advance` would find a bucket entering or leaving a window; `Infinity`: never. */
  nextMoveMs(ring: number): number {
    const { values } = this.records;
    const known = values[ring + field.nextMoveMs]!;
    if (!Number.isNaN(known)) return known;
    const entering = this.held.indexAt(ring, this.held.positionFrom(ring, values[ring + field.open]! + 1));
    const found = Math.min(entersAtMs(entering, this.lengthMs), this.sums.nextLeaveMs(ring, this.lengthMs));
    values[ring + field.nextMoveMs] = found;
    return found;
  }

  /**
   * Adds the entries that changed to a checkpoint, but for the newest: that one changes nearly always, and is written with
   * what else is kept of its series, by `writeNewest`.
   * @param prefix of this ring, such as `ring/m/v1/labels/5000/`
   */
  takeChanges(ring: number, prefix: string, into: Map<string, Uint8Array | null>): void {
    const newest = this.newestEntry(ring);
    for (const entry of this.changed.of(ring)) {
      if (entry === newest) continue;
      writer.begin().number(bucketFormat);
      writer.number(this.buckets.shape);
      const empty = !this.writeEntry(ring, entry, writer);
      const bytes = writer.finish();
      into.set(prefix + entry, empty ? null : bytes);
    }
    this.changed.clear(ring);
  }

  writeNewest(ring: number, to: PackedWriter): void {
    const entry = this.newestEntry(ring);
    to.number(entry === null ? 0 : 1);
    if (entry === null) return;
    to.number(this.buckets.shape);
    to.double(entry);
    this.writeEntry(ring, entry, to);
  }

  /** Deletes every entry of this ring in a checkpoint. */
  deleteEntries(ring: number, prefix: string, into: Map<string, Uint8Array | null>): void {
    for (const entry of this.changed.of(ring)) into.set(prefix + entry, null);
    for (let at = 0; at < this.held.size(ring); at++) into.set(prefix + entryOf(this.held.indexAt(ring, at)), null);
  }

  /** Takes in an entry of a checkpoint. */
  restoreEntry(ring: number, entry: number, bytes: Uint8Array): void {
    const reader = new PackedReader(bytes);
    const format = reader.number();
    expectFormat('of buckets', format, bucketFormat, olderBucketFormats);
    reader.format = format;
    const shape = readShape(this.buckets, reader);
    this.readEntry(ring, entry, reader, shape);
  }

  /** Takes in what `writeNewest` wrote. */
  restoreNewest(ring: number, reader: PackedReader): void {
    const [exists] = reader.flags(1);
    if (!exists) return;
    const shape = readShape(this.buckets, reader);
    this.readEntry(ring, reader.double(), reader, shape);
  }

  /** Passes over what `writeNewest` wrote. */
  static skipNewest(buckets: BucketStore, reader: PackedReader): void {
    const [exists] = reader.flags(1);
    if (!exists) return;
    const shape = readShape(buckets, reader);
    reader.double();
    for (let left = reader.number(); left > 0; left--) {
      const index = reader.number();
      buckets.free(buckets.read(index, reader, shape));
    }
  }

  /** Takes in the buckets of a finer ring, or of one of the same length: when a model's tiers are laid out anew. */
  takeOver(ring: number, finer: Rings, from: number): void {
    for (let at = 0; at < finer.held.size(from); at++) {
      const bucket = finer.held.rowAt(from, at);
      const index = bucketAt(this.buckets.indexOf(bucket) * finer.lengthMs, this.lengthMs);
      this.buckets.add(this.bucket(ring, index), bucket);
      this.changed.add(ring, entryOf(index));
    }
  }

  /** Says that a bucket was changed, so that the next checkpoint holds it. */
  markChanged(ring: number, index: number): void {
    this.changed.add(ring, entryOf(index));
  }

  private find(ring: number, index: number): number {
    const position = this.held.positionFrom(ring, index);
    return this.held.indexAt(ring, position) === index ? this.held.rowAt(ring, position) : emptyBucket;
  }

  /** The bucket, made when missing. */
  private bucket(ring: number, index: number): number {
    const found = this.find(ring, index);
    if (found !== emptyBucket) return found;
    // The entry that was the newest has had no place of its own yet.
    const newest = this.newestEntry(ring);
    if (newest !== null && entryOf(index) > newest) this.changed.add(ring, newest);
    const made = this.buckets.create(index);
    this.hold(ring, index, made);
    return made;
  }

  private hold(ring: number, index: number, bucket: number): void {
    this.held.insert(ring, this.held.positionFrom(ring, index), bucket);
    this.records.values[ring + field.nextMoveMs] = NaN;
  }

  private newestEntry(ring: number): number | null {
    const newest = this.held.newestIndex(ring);
    return newest === null ? null : entryOf(newest);
  }

  /** @returns whether there was anything to write */
  private writeEntry(ring: number, entry: number, to: PackedWriter): boolean {
    const first = entry * bucketsPerEntry;
    const from = this.held.positionFrom(ring, first);
    const end = this.held.positionFrom(ring, first + bucketsPerEntry);
    to.number(end - from);
    for (let position = from; position < end; position++) {
      const bucket = this.held.rowAt(ring, position);
      to.number(this.buckets.indexOf(bucket) - first);
      this.buckets.write(bucket, to);
    }
    return end > from;
  }

  private readEntry(ring: number, entry: number, reader: PackedReader, shape: number): void {
    for (let left = reader.number(); left > 0; left--) {
      const index = entry * bucketsPerEntry + reader.number();
      this.hold(ring, index, this.buckets.read(index, reader, shape));
    }
  }

  private drop(ring: number, end: number): void {
    const dropped = this.held.positionFrom(ring, end + 1);
    if (dropped === 0) return;
    for (let position = 0; position < dropped; position++) {
      const entry = entryOf(this.held.indexAt(ring, position));
      if ((entry + 1) * bucketsPerEntry - 1 <= end) this.changed.add(ring, entry);
    }
    this.held.dropFirst(ring, dropped);
    const { values } = this.records;
    if (values[ring + field.lastIndex]! <= end) values[ring + field.lastIndex] = beforeAll;
  }
}

/** Which sums the buckets that follow hold: entries of earlier formats do not say it. */
function readShape(buckets: BucketStore, reader: PackedReader): number {
  return olderBucketFormats.includes(reader.format) ? buckets.shapeInOldFormats : reader.number();
}
