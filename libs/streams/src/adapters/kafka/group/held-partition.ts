import {
  OffsetOutOfRangeError,
  type Assignment,
  type GroupMember,
  type PartitionBounds,
  type TopicPartition,
} from '../../../ports/event-log.js';
import type { FetchTarget } from '../fetch/fetch-loop.js';
import { BatchQueue } from '../records/batch-queue.js';
import type { StoredBatch } from '../records/stored-batch.js';

/** What a held partition needs of its membership. */
export interface Standing {
  /** Whether the coordinator still waits for this member. */
  readonly isStanding: boolean;
  /** Resolves when a heartbeat that was sent after this call has succeeded. */
  confirmed(): Promise<void>;
}

export interface HeldPartitionSettings {
  readonly at: TopicPartition;
  readonly member: GroupMember;
  readonly standing: Standing;
  readonly batchBytes: number;
  /** Bytes that may wait, as shared out among the partitions held. */
  readonly queueBytes: () => number;
  readonly wakeFetching: () => void;
  readonly bounds: () => Promise<PartitionBounds>;
  readonly commit: (position: number) => void;
  readonly committed: () => Promise<number | null>;
}

/** One member's hold on one partition: assigned, batches, revoked, in this order and never two at a time. */
export class HeldPartition implements Assignment, FetchTarget {
  readonly at: TopicPartition;
  /** Rejects when a call of the member does, or when the partition cannot be read. */
  readonly work: Promise<void>;
  private readonly queue: BatchQueue;
  private isReading = false;
  private isLeaving = false;
  private isDropped = false;
  private failure: Error | null = null;
  private wakeUp: (() => void) | null = null;
  private released: Promise<void> | null = null;

  constructor(private readonly settings: HeldPartitionSettings) {
    this.at = settings.at;
    this.queue = new BatchQueue(settings.at);
    this.work = this.run();
  }

  get isReleasing(): boolean {
    return this.isLeaving;
  }

  again(): void {
    this.isDropped = true;
    this.wake();
  }

  commit(position: number): void {
    this.settings.commit(position);
  }

  committed(): Promise<number | null> {
    return this.settings.committed();
  }

  /** Lets the call in hand end, and resolves when `revoked` has. A partition whose handler threw is not revoked. */
  release(): Promise<void> {
    this.isLeaving = true;
    this.wake();
    this.released ??= this.work.then(
      () => this.settings.member.revoked(this.at),
      () => undefined,
    );
    return this.released;
  }

  wanted(): { offset: number; maxBytes: number } | null {
    if (!this.isReading || this.isLeaving || this.isDropped) return null;
    const limit = this.settings.queueBytes();
    // Not every little gap is filled: that would be many small requests.
    if (this.queue.bytes > limit / 2) return null;
    return { offset: this.queue.fetchFrom, maxBytes: limit - this.queue.bytes };
  }

  received(offset: number, batches: readonly StoredBatch[]): void {
    if (!this.isReading || offset !== this.queue.fetchFrom || batches.length === 0) return;
    this.queue.add(batches);
    this.wake();
  }

  outOfRange(offset: number): void {
    if (this.isReading && offset === this.queue.fetchFrom) void this.checkRange(offset);
  }

  failed(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private async run(): Promise<void> {
    while (!this.isLeaving) {
      this.isDropped = false;
      const from = await this.settings.member.assigned(this.at, this);
      this.queue.reset(from);
      this.isReading = true;
      this.settings.wakeFetching();
      await this.handOver();
      this.isReading = false;
      this.queue.reset(0);
      if (!this.isLeaving) await this.until(this.settings.standing.confirmed());
    }
  }

  private async handOver(): Promise<void> {
    const { at, member, standing, batchBytes } = this.settings;
    while (!this.isDropped && !this.isLeaving) {
      if (this.failure) throw this.failure;
      if (this.queue.isEmpty) await new Promise<void>((resolve) => (this.wakeUp = resolve));
      // Paused for longer than its session: whether it is still a member, a heartbeat tells.
      else if (!standing.isStanding) await this.until(standing.confirmed());
      else {
        const records = this.queue.take(batchBytes);
        this.settings.wakeFetching();
        await member.batch({ ...at, records });
      }
    }
  }

  /** Just after an election a leader may not know yet how far it goes, so that its word alone does not count. */
  private async checkRange(offset: number): Promise<void> {
    try {
      const bounds = await this.settings.bounds();
      if (offset >= bounds.first && offset <= bounds.next) this.settings.wakeFetching();
      else this.failed(new OffsetOutOfRangeError(this.at, offset, bounds));
    } catch (error) {
      this.failed(error as Error);
    }
  }

  private async until(event: Promise<void>): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.wakeUp = resolve));
    await Promise.race([event, woken]);
  }

  private wake(): void {
    this.wakeUp?.();
    this.wakeUp = null;
  }
}
