import { endedBuckets } from '@moola/windows/bucket-time';
import { emptyBucket } from '@moola/windows/bucket-store';
import { history, historyBucketAt, historyBuckets, type HistoryBucket } from '@moola/windows/history-bucket';
import type { ListArena } from '@moola/windows/list-arena';
import type { PackedReader, PackedWriter } from '@moola/windows/packed-numbers';
import { Rings } from '@moola/windows/ring';
import { RowArena } from '@moola/windows/row-arena';
import { bucketsOf, type PlannedTier } from '@moola/windows/tiers';

/** Length of the tumbling buckets of reports, revenue and history: the same for every model, for ever. */
export const historyBucketMs = 60_000;

const historyTier: PlannedTier = { lengthMs: historyBucketMs, buckets: 1, windows: [] };
/** Where a history's record holds the first bucket that is not published yet; from there they hang together. */
const firstUnpublished = Rings.width(historyTier);
const none: readonly never[] = [];

/**
 * The tumbling buckets of all versions, each in one role, by prediction time. Each is published when it has ended, and
 * again as a revision when an outcome that came later has changed it; they stay as long as outcomes may follow. A history
 * is known by the row of its record.
 */
export class Histories {
  readonly buckets = historyBuckets();
  private readonly records = new RowArena(firstUnpublished + 1);
  private readonly rings: Rings;

  constructor(lists: ListArena) {
    this.rings = new Rings(historyTier, this.buckets, lists, this.records, 0);
  }

  create(labelHorizonMs: number): number {
    const series = this.records.take();
    this.rings.create(series);
    this.keepFor(series, labelHorizonMs);
    return series;
  }

  /** Keeps buckets of the last so many milliseconds from now on. */
  keepFor(series: number, keptMs: number): void {
    this.rings.keep(series, bucketsOf(keptMs, historyBucketMs) + 1);
  }

  /** The bucket of a prediction, about to be changed; `emptyBucket` when it no longer exists. */
  change(series: number, timeMs: number, tickMs: number): number {
    const bucket = this.rings.change(series, timeMs, tickMs);
    if (bucket !== emptyBucket && this.buckets.get(bucket, history.unpublished) === 0) {
      this.buckets.rows.values[bucket + history.unpublished] = 1;
      this.linkUnpublished(series, bucket);
    }
    return bucket;
  }

  /** Buckets to publish at a tick, by time, each with its next revision. Drops those that are too old afterwards. */
  publish(series: number, tickMs: number): readonly HistoryBucket[] {
    const ready = this.takeEnded(series, endedBuckets(tickMs, historyBucketMs));
    this.rings.advance(series, tickMs);
    return ready;
  }

  /** When the next bucket that is to be published ends; `Infinity`: none is. */
  nextEndMs(series: number): number {
    let next = Infinity;
    for (let bucket = this.first(series); bucket !== emptyBucket; bucket = this.after(bucket)) {
      next = Math.min(next, (this.buckets.indexOf(bucket) + 1) * historyBucketMs);
    }
    return next;
  }

  takeChanges(series: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    this.rings.takeChanges(series, `${prefix}${historyBucketMs}/`, changes);
  }

  writeNewest(series: number, writer: PackedWriter): void {
    this.rings.writeNewest(series, writer);
  }

  restoreNewest(series: number, reader: PackedReader): void {
    this.rings.restoreNewest(series, reader);
  }

  restoreEntry(series: number, entry: number, bytes: Uint8Array): void {
    this.rings.restoreEntry(series, entry, bytes);
  }

  /** To be called when all entries are in. */
  restored(series: number): void {
    for (let position = 0; position < this.rings.size(series); position++) {
      const bucket = this.rings.bucketAt(series, position);
      if (this.buckets.get(bucket, history.unpublished) === 1) this.linkUnpublished(series, bucket);
    }
  }

  private takeEnded(series: number, ended: number): readonly HistoryBucket[] {
    if (this.nextEndMs(series) > ended * historyBucketMs) return none;
    const ready: HistoryBucket[] = [];
    let next = this.first(series);
    this.records.values[series + firstUnpublished] = emptyBucket;
    while (next !== emptyBucket) {
      const bucket = next;
      next = this.after(bucket);
      const index = this.buckets.indexOf(bucket);
      if (index >= ended) {
        this.linkUnpublished(series, bucket);
        continue;
      }
      const { values } = this.buckets.rows;
      values[bucket + history.unpublished] = 0;
      values[bucket + history.revision]!++;
      this.rings.markChanged(series, index);
      ready.push(historyBucketAt(this.buckets, bucket));
    }
    return ready.sort((a, b) => a.index - b.index);
  }

  private linkUnpublished(series: number, bucket: number): void {
    this.buckets.rows.values[bucket + history.nextUnpublished] = this.first(series);
    this.records.values[series + firstUnpublished] = bucket;
  }

  private first(series: number): number {
    return this.records.values[series + firstUnpublished]!;
  }

  private after(bucket: number): number {
    return this.buckets.get(bucket, history.nextUnpublished);
  }
}
