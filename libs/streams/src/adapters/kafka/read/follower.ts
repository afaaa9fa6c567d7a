import type { LogRecord, PartitionBounds, TopicPartition } from '../../../ports/event-log.js';
import type { FetchTarget } from '../fetch/fetch-loop.js';
import { BatchQueue } from '../records/batch-queue.js';
import type { StoredBatch } from '../records/stored-batch.js';

interface Wait {
  readonly offset: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Bytes of one partition that are kept for the next `read`. */
const keptBytes = 1 << 20;
/** How long after its last use a partition is followed, in milliseconds. */
const followedMs = 5_000;
/** Older records are read anew: the topic may have been made anew meanwhile. */
const freshMs = 2_000;

/** The end of a partition that somebody waits at: what arrives is kept for the `read` that follows. */
export class Follower implements FetchTarget {
  private readonly queue: BatchQueue;
  private waits: Wait[] = [];
  private usedAt = 0;
  private receivedAt = -Infinity;
  /** Readers see the records before this offset, at least. */
  private visibleEnd = 0;
  private isFollowing = false;

  constructor(
    readonly at: TopicPartition,
    private readonly bounds: () => Promise<PartitionBounds>,
    private readonly wakeFetching: () => void,
  ) {
    this.queue = new BatchQueue(at);
  }

  get isIdle(): boolean {
    return this.waits.length === 0 && performance.now() - this.usedAt > followedMs;
  }

  /** Records from an offset on, if they are here. */
  kept(from: number, maxBytes: number): LogRecord[] | null {
    if (!this.queue.holds(from) || performance.now() - this.receivedAt > freshMs) return null;
    this.usedAt = performance.now();
    const records = this.queue.peek(from, maxBytes);
    this.wakeFetching();
    return records;
  }

  /** Keeps what somebody read beyond what was wanted. */
  keep(offset: number, batches: readonly StoredBatch[]): void {
    if (this.waits.length > 0) return;
    this.queue.reset(offset);
    this.queue.add(batches);
    this.usedAt = this.receivedAt = performance.now();
    this.visibleEnd = Math.max(this.visibleEnd, this.queue.fetchFrom);
  }

  /** Resolves when the log holds the offset, or when the signal aborts. */
  waitFor(offset: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || offset < this.visibleEnd) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        this.waits = this.waits.filter((other) => other !== wait);
        resolve();
      };
      const wait: Wait = { offset, resolve: end, reject };
      signal.addEventListener('abort', end);
      this.waits.push(wait);
      this.usedAt = performance.now();
      if (!this.isFollowing || this.queue.fetchFrom > offset) this.queue.reset(offset);
      this.isFollowing = true;
      this.wakeFetching();
    });
  }

  wanted(): { offset: number; maxBytes: number } | null {
    if (!this.isFollowing) return null;
    if (this.isIdle) {
      this.isFollowing = false;
      return null;
    }
    if (this.queue.bytes > keptBytes / 2) {
      if (this.waits.length === 0) return null;
      this.queue.reset(this.queue.fetchFrom);
    }
    return { offset: this.queue.fetchFrom, maxBytes: keptBytes - this.queue.bytes };
  }

  received(offset: number, batches: readonly StoredBatch[], visibleEnd: number): void {
    if (offset !== this.queue.fetchFrom) return;
    this.queue.add(batches);
    if (batches.length > 0) this.receivedAt = performance.now();
    this.sawEnd(Math.max(visibleEnd, this.queue.fetchFrom));
  }

  outOfRange(offset: number): void {
    void this.bounds().then(
      ({ next }) => {
        this.visibleEnd = next;
        if (offset === this.queue.fetchFrom) this.queue.reset(next);
        this.sawEnd(next);
        this.wakeFetching();
      },
      (error: Error) => this.failed(error),
    );
  }

  failed(error: Error): void {
    this.isFollowing = false;
    for (const { reject } of this.waits.splice(0)) reject(error);
  }

  private sawEnd(end: number): void {
    this.visibleEnd = Math.max(this.visibleEnd, end);
    for (const wait of [...this.waits]) if (wait.offset < this.visibleEnd) wait.resolve();
  }
}
