import type { EventLog, TopicPartition } from '../ports/event-log.js';

/** Records of one partition that are not acknowledged yet, the first of them under way. */
interface PartitionQueue {
  readonly at: TopicPartition;
  readonly waiting: Uint8Array[];
  published: number;
  acknowledged: number;
}

interface Waiter {
  done(): boolean;
  resolve(): void;
}

/** Publishes a task's records: to each partition strictly one after the other, to different partitions side by side. */
export class Publisher {
  private readonly queues = new Map<string, PartitionQueue>();
  private readonly waiters = new Set<Waiter>();
  private stopped = false;
  private bytes = 0;

  /** @param failed an append was refused or its answer never came: what the log holds is not known any more. */
  constructor(
    private readonly log: EventLog,
    private readonly failed: (error: unknown) => void,
  ) {}

  get unacknowledgedBytes(): number {
    return this.bytes;
  }

  publish(at: TopicPartition, record: Uint8Array): void {
    if (this.stopped) return;
    const key = `${at.topic}/${at.partition}`;
    let queue = this.queues.get(key);
    if (queue === undefined) {
      queue = { at, waiting: [], published: 0, acknowledged: 0 };
      this.queues.set(key, queue);
    }
    queue.published++;
    queue.waiting.push(record);
    this.bytes += record.length;
    // Never the next record before the last is acknowledged: a crash would leave a hole that no reader can see.
    if (queue.waiting.length === 1) this.send(queue);
  }

  /** Resolves when all that was published before the call is acknowledged, or when the publisher was stopped. */
  drained(): Promise<void> {
    const marks = [...this.queues.values()].map((queue) => ({ queue, published: queue.published }));
    return this.wait(() => marks.every(({ queue, published }) => queue.acknowledged >= published));
  }

  /** Resolves when at most `bytes` are unacknowledged, or when the publisher was stopped. */
  below(bytes: number): Promise<void> {
    return this.wait(() => this.bytes <= bytes);
  }

  /** Sends nothing more. What is under way may still arrive. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  private send(queue: PartitionQueue): void {
    const record = queue.waiting[0] as Uint8Array;
    this.log.append(queue.at, [record]).then(
      () => {
        if (this.stopped) return;
        queue.waiting.shift();
        queue.acknowledged++;
        this.bytes -= record.length;
        if (queue.waiting.length > 0) this.send(queue);
        this.wake();
      },
      (error: unknown) => {
        if (!this.stopped) this.failed(error);
      },
    );
  }

  private wait(done: () => boolean): Promise<void> {
    if (this.stopped || done()) return Promise.resolve();
    return new Promise((resolve) => this.waiters.add({ done, resolve }));
  }

  private wake(): void {
    for (const waiter of this.waiters) {
      if (!this.stopped && !waiter.done()) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
