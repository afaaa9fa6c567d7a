import { topicName } from '@moola/contracts/topic-name';
import type { Topic } from '@moola/contracts/topic';
import { externalBatch } from './batch-codec.js';
import type { Clock } from './clock.js';
import type { EventLog, TopicPartition } from './event-log.js';

export interface TickerSettings {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly topic: Topic<unknown>;
  readonly environment: string;
  /** Between two ticks of a partition that others write to. @default 100 */
  readonly activeMs?: number;
  /** Between two ticks of a partition that nobody writes to. @default 1000 */
  readonly idleMs?: number;
  /** A tick could not be written; the next one is tried as usual. */
  readonly failed: (error: unknown) => void;
}

/**
 * Writes the time of a live environment into every partition of a topic. Ticks of one ticker only go forward; those of two
 * tickers may cross, and readers take the largest. A reader drops a tick that is far ahead of its record's append time, so a
 * wrong clock here is no clock there.
 * @returns stops it; resolves when no tick is under way any more.
 */
export async function startTicker(settings: TickerSettings): Promise<() => Promise<void>> {
  const topic = topicName(settings.environment, settings.topic);
  const partitions = await settings.log.partitionCount(topic);
  const tickers = Array.from(
    { length: partitions },
    (_, partition) => new PartitionTicker(settings, { topic, partition }),
  );
  for (const ticker of tickers) ticker.wait();
  return async () => {
    await Promise.all(tickers.map((ticker) => ticker.stop()));
  };
}

class PartitionTicker {
  private lastTickMs = -Infinity;
  /** The offset after our last tick: more than that was written by others. */
  private ownEnd = -1;
  private stopped = false;
  private cancel: () => void = () => undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: TickerSettings,
    private readonly at: TopicPartition,
  ) {}

  wait(): void {
    if (this.stopped) return;
    this.cancel = this.settings.clock.after(this.settings.activeMs ?? 100, () => {
      this.writing = this.tickIfDue()
        .catch(this.settings.failed)
        .then(() => this.wait());
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.writing;
  }

  private async tickIfDue(): Promise<void> {
    const { log, clock, topic, idleMs = 1000 } = this.settings;
    const nowMs = clock.nowMs();
    if (nowMs <= this.lastTickMs) return;
    const { next } = await log.bounds(this.at);
    if (next === this.ownEnd && nowMs - this.lastTickMs < idleMs) return;
    this.lastTickMs = nowMs;
    this.ownEnd = (await log.append(this.at, externalBatch(topic, [{ kind: 'tick', tickMs: nowMs }]))) + 1;
  }
}
