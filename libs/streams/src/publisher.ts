import type { EventLog, TopicPartition } from './event-log.js';

/** Records of one partition that are not acknowledged yet, the first of them under way. */
interface Lane {
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
  private readonly lanes = new Map<string, Lane>();
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
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = { at, waiting: [], published: 0, acknowledged: 0 };
      this.lanes.set(key, lane);
    }
    lane.published++;
    lane.waiting.push(record);
    this.bytes += record.length;
    // Never the next record before the last is acknowledged: a crash would leave a hole that no reader can see.
    if (lane.waiting.length === 1) this.send(lane);
  }

  /** Resolves when all that was published before the call is acknowledged, or when the publisher was stopped. */
  drained(): Promise<void> {
    const marks = [...this.lanes.values()].map((lane) => ({ lane, published: lane.published }));
    return this.wait(() => marks.every(({ lane, published }) => lane.acknowledged >= published));
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

  private send(lane: Lane): void {
    const record = lane.waiting[0] as Uint8Array;
    this.log.append(lane.at, [record]).then(
      () => {
        if (this.stopped) return;
        lane.waiting.shift();
        lane.acknowledged++;
        this.bytes -= record.length;
        if (lane.waiting.length > 0) this.send(lane);
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
