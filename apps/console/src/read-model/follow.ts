import type { Topic } from '@moola/contracts/topic';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { OffsetOutOfRangeError } from '@moola/streams/ports/event-log';
import { NewRows } from '@moola/streams/task/new-rows';

/** Where a row stands in its partition: whoever wants to read it again finds it there. */
export interface RowPlace {
  readonly offset: number;
  /** Among the record's data rows, zero-based. */
  readonly index: number;
}

/** Takes in what a followed partition holds. */
export interface Follower<T> {
  data(value: T, place: RowPlace): void;
  tick(tickMs: number): void;
  /** After each read: how many records are left. Few that have just arrived are not counted. */
  progress(behind: number): void;
}

const readBytes = 1 << 20;

/**
 * Reads a partition from its first record on, without a group, until the signal aborts: any number of consoles may read
 * the same. What retention removed before it was read is passed over.
 */
export async function follow<T>(
  log: EventLog,
  at: TopicPartition,
  topic: Topic<T>,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  const begin = await log.bounds(at);
  let next = begin.first;
  let behind = begin.next - begin.first;
  let place = next;
  const rows = new NewRows(topic.codec, {
    data: (value, _source, index) => follower.data(value, { offset: place, index }),
    tick: (tickMs) => follower.tick(tickMs),
  });
  while (!signal.aborted) {
    let records;
    try {
      ({ records } = await log.read(at, next, readBytes));
    } catch (error) {
      if (!(error instanceof OffsetOutOfRangeError)) throw error;
      next = error.bounds.first;
      behind = error.bounds.next - next;
      continue;
    }
    let bytes = 0;
    for (const record of records) {
      place = record.offset;
      rows.take(record.value);
      next = record.offset + 1;
      bytes += record.value.length;
    }
    if (records.length === 0) behind = 0;
    // A question for each small record that arrives would cost more than to read it.
    else if (behind > 0 || bytes * 2 > readBytes) behind = Math.max(0, (await log.bounds(at)).next - next);
    follower.progress(behind);
    if (behind === 0) await log.waitFor(at, next, signal).catch(() => undefined);
    // Yields, so that a long catching-up leaves room for requests.
    if (records.length > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
