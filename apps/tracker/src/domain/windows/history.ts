import { endedBuckets } from '@moola/windows/bucket-time';
import { historyBuckets, type HistoryBucket } from '@moola/windows/history-bucket';
import { Ring } from '@moola/windows/ring';
import { bucketsOf, type PlannedTier } from '@moola/windows/tiers';

/** Length of the tumbling buckets of reports, revenue and history: the same for every model, for ever. */
export const historyBucketMs = 60_000;

const historyTier: PlannedTier = { lengthMs: historyBucketMs, buckets: 1, windows: [] };
const none: readonly never[] = [];

/**
 * The tumbling buckets of one version in one role, by prediction time. Each is published when it has ended, and again as
 * a revision when an outcome that came later has changed it; they stay as long as outcomes may follow.
 */
export class History {
  readonly ring: Ring<HistoryBucket>;
  private unpublished: readonly HistoryBucket[] = none;

  constructor(labelHorizonMs: number) {
    this.ring = new Ring(historyBuckets, historyTier);
    this.keepFor(labelHorizonMs);
  }

  keepFor(labelHorizonMs: number): void {
    this.ring.keep(bucketsOf(labelHorizonMs, historyBucketMs) + 1);
  }

  /** The bucket of a prediction, about to be changed; `null` when it no longer exists. */
  change(timeMs: number, tickMs: number): HistoryBucket | null {
    const bucket = this.ring.change(timeMs, tickMs);
    if (bucket !== null && bucket.unpublished === 0) {
      bucket.unpublished = 1;
      this.unpublished = [...this.unpublished, bucket];
    }
    return bucket;
  }

  /** Buckets to publish at a tick, by time, each with its next revision. */
  publish(tickMs: number): readonly HistoryBucket[] {
    const ended = endedBuckets(tickMs, historyBucketMs);
    if (!this.unpublished.some(({ index }) => index < ended)) return none;
    const ready = this.unpublished.filter(({ index }) => index < ended).sort((a, b) => a.index - b.index);
    this.unpublished = this.unpublished.filter(({ index }) => index >= ended);
    for (const bucket of ready) {
      this.ring.markChanged(bucket.index);
      bucket.unpublished = 0;
      bucket.revision++;
    }
    return ready;
  }

  /** When the next bucket that is to be published ends; `Infinity`: none is. */
  nextEndMs(): number {
    let next = Infinity;
    for (const { index } of this.unpublished) next = Math.min(next, (index + 1) * historyBucketMs);
    return next;
  }

  takeChanges(prefix: string, changes: Map<string, Uint8Array | null>): void {
    this.ring.takeChanges(`${prefix}${historyBucketMs}/`, changes);
  }

  restoreEntry(entry: number, bytes: Uint8Array): void {
    this.ring.restoreEntry(entry, bytes);
  }

  /** To be called when all entries are in. */
  restored(tickMs: number): void {
    this.unpublished = this.ring.values().filter(({ unpublished }) => unpublished === 1);
    this.ring.advance(tickMs);
  }
}
