import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topic-name';
import { externalBatch } from './batch-codec.js';
import type { Clock } from './clock.js';
import type { EventLog } from './event-log.js';

export interface TickerSettings {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly environment: string;
  /** Where time enters: all partitions of each. */
  readonly topics: readonly Topic<unknown>[];
  /** How often time is written while records arrive, in milliseconds. */
  readonly everyMs: number;
  /** How often while none do. @default 1000 */
  readonly idleEveryMs?: number;
  /** The log refused a tick: the next one comes all the same. */
  readonly missed: (error: unknown) => void;
}

export interface Ticker {
  /** Writes no more; resolves when the last write has ended. */
  stop(): Promise<void>;
}

/**
 * Rule 4: time is a record. Writes wall time into the partitions of a live environment; a second ticker beside it does
 * no harm, since a reader's time is the largest tick so far.
 */
export async function startTicker(settings: TickerSettings): Promise<Ticker> {
  const { log, clock, environment, everyMs, idleEveryMs = 1000 } = settings;
  const lanes = await Promise.all(
    settings.topics.map(async (topic) => {
      const name = topicName(environment, topic);
      const count = await log.partitionCount(name);
      return Array.from({ length: count }, (_, partition) => ({ topic, at: { topic: name, partition } }));
    }),
  );
  const targets = lanes.flat().map((lane) => ({ ...lane, next: -1, writtenAtMs: 0 }));
  let stopped = false;
  let cancel = (): void => undefined;
  let round: Promise<void> = Promise.resolve();

  async function tick(): Promise<void> {
    await Promise.all(
      targets.map(async (target) => {
        const nowMs = clock.nowMs();
        const { next } = await log.bounds(target.at);
        if (next === target.next && nowMs - target.writtenAtMs < idleEveryMs) return;
        const offset = await log.append(target.at, externalBatch(target.topic, [{ kind: 'tick', tickMs: nowMs }]));
        target.next = offset + 1;
        target.writtenAtMs = nowMs;
      }),
    );
  }

  function schedule(): void {
    if (stopped) return;
    cancel = clock.after(everyMs, () => {
      round = tick().catch(settings.missed).then(schedule);
    });
  }

  schedule();
  return {
    async stop() {
      stopped = true;
      cancel();
      await round;
    },
  };
}
