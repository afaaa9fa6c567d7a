import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeGroups } from './event-log-groups.contract.js';
import { describeRetention } from './event-log-retention.contract.js';
import {
  OffsetOutOfRangeError,
  PartitionCountError,
  UnknownTopicError,
  type EventLog,
  type LogRecord,
  type TopicPartition,
} from './event-log.js';
import { bytesOf, keptForEver, textsOf, topicNames } from './event-log.contract-values.js';
import type { EventLogUnderTest } from './event-log.contract-under-test.js';
import { deadlineMs } from '../testing/eventually.js';

/** What the port `EventLog` promises, for every adapter. */
export function describeEventLog(name: string, create: () => Promise<EventLogUnderTest>): void {
  describe(`${name}: an event log`, () => {
    let under: EventLogUnderTest;
    beforeEach(async () => {
      under = await create();
    }, deadlineMs);
    afterEach(() => under.end(), deadlineMs);

    describeTopics(() => under.log);
    describeRecords(() => under.log);
    describeWaiting(() => under.log);
    describeRetention(() => under);
    describeGroups(() => under.log);
  });
}

function describeTopics(log: () => EventLog): void {
  describe('topics', () => {
    it('begin empty, at offset 0', async () => {
      const topic = topicNames.next();
      await log().createTopics([keptForEver(topic, 3)]);
      expect(await log().partitionCount(topic)).toBe(3);
      expect(await log().bounds({ topic, partition: 2 })).toEqual({ first: 0, next: 0 });
      expect((await log().read({ topic, partition: 2 }, 0, 1000)).records).toEqual([]);
    });

    it('are left as they are when they exist already', async () => {
      const topic = topicNames.next();
      await log().createTopics([keptForEver(topic, 2)]);
      await log().append({ topic, partition: 1 }, bytesOf('a'));
      await log().createTopics([keptForEver(topic, 2), keptForEver(topicNames.next(), 1)]);
      expect(await log().bounds({ topic, partition: 1 })).toEqual({ first: 0, next: 1 });
    });

    it('refuse another partition count, naming both', async () => {
      const topic = topicNames.next();
      await log().createTopics([keptForEver(topic, 2)]);
      const refused = log().createTopics([keptForEver(topic, 5)]);
      await expect(refused).rejects.toThrow(PartitionCountError);
      await expect(refused).rejects.toThrow(/2.*5/);
      expect(await log().partitionCount(topic)).toBe(2);
    });

    it('that nobody made are named in an error', async () => {
      const nowhere: TopicPartition = { topic: topicNames.next(), partition: 0 };
      const unknown = new UnknownTopicError(nowhere.topic);
      await expect(log().partitionCount(nowhere.topic)).rejects.toThrow(unknown);
      await expect(log().bounds(nowhere)).rejects.toThrow(unknown);
      await expect(log().append(nowhere, bytesOf('a'))).rejects.toThrow(unknown);
      await expect(log().read(nowhere, 0, 10)).rejects.toThrow(unknown);
    });

    it('have no partitions beyond their count', async () => {
      const topic = topicNames.next();
      await log().createTopics([keptForEver(topic, 2)]);
      await expect(log().append({ topic, partition: 2 }, bytesOf('a'))).rejects.toThrow(topic);
      await expect(log().bounds({ topic, partition: 2 })).rejects.toThrow(topic);
    });
  });
}

function describeRecords(log: () => EventLog): void {
  describe('records', () => {
    let at: TopicPartition;
    beforeEach(async () => {
      at = { topic: topicNames.next(), partition: 1 };
      await log().createTopics([keptForEver(at.topic, 4)]);
    });
    const all = async (partition: TopicPartition): Promise<LogRecord[]> => {
      const { first, next } = await log().bounds(partition);
      const records: LogRecord[] = [];
      for (let from = first; from < next; from = first + records.length) {
        records.push(...(await log().read(partition, from, 1000)).records);
      }
      return records;
    };

    it('get consecutive offsets in the order in which they are appended', async () => {
      expect(await log().append(at, bytesOf('a', 'b'))).toBe(0);
      expect(await log().append(at, bytesOf('c'))).toBe(2);
      expect(await log().append(at, bytesOf('d', 'e'))).toBe(3);
      const { records, ...where } = await log().read(at, 0, 1000);
      expect(where).toEqual(at);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
      expect(textsOf(records)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await log().bounds(at)).toEqual({ first: 0, next: 5 });
    });

    it('are seen by every reader as soon as they are acknowledged, in their partition only', async () => {
      const offset = await log().append(at, bytesOf('a'));
      expect(textsOf((await log().read(at, offset, 10)).records)).toEqual(['a']);
      expect(await log().bounds({ ...at, partition: 0 })).toEqual({ first: 0, next: 0 });
    });

    it('can be appended none at a time', async () => {
      await log().append(at, bytesOf('a'));
      expect(await log().append(at, [])).toBe(1);
      expect(await log().bounds(at)).toEqual({ first: 0, next: 1 });
    });

    it('keep every byte, however many', async () => {
      const values = [
        new Uint8Array(0),
        Uint8Array.from({ length: 256 }, (_, index) => index),
        Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251),
        new Uint8Array(5000),
        new Uint8Array(0),
      ];
      await log().append(at, values);
      const read = await all(at);
      expect(read).toHaveLength(values.length);
      read.forEach(({ value }, index) => expect(Buffer.compare(value, values[index] as Uint8Array)).toBe(0));
    });

    it('take a view of a larger buffer as what it shows', async () => {
      const whole = Buffer.from('before-this-after');
      await log().append(at, [whole.subarray(7, 11)]);
      expect(textsOf(await all(at))).toEqual(['this']);
    });

    it('of appends at the same time stay together, at the offsets that were told', async () => {
      const appends = Array.from({ length: 200 }, (_, n) => {
        const texts = Array.from({ length: 1 + (n % 3) }, (_unused, part) => `${n}.${part}`);
        return { texts, offset: log().append(at, bytesOf(...texts)) };
      });
      const offsets = await Promise.all(appends.map(({ offset }) => offset));
      const read = await all(at);
      expect(read.map(({ offset }) => offset)).toEqual(read.map((_, index) => index));
      appends.forEach(({ texts }, n) => {
        const from = offsets[n] as number;
        expect(textsOf(read.slice(from, from + texts.length))).toEqual(texts);
      });
      expect(read).toHaveLength(appends.reduce((sum, { texts }) => sum + texts.length, 0));
    });

    it('of appends to several partitions at the same time do not mix', async () => {
      const partitions = [0, 1, 2, 3].map((partition) => ({ ...at, partition }));
      await Promise.all(
        partitions.map(async (partition) => {
          for (let n = 0; n < 25; n++) {
            expect(await log().append(partition, bytesOf(`${partition.partition}:${n}`))).toBe(n);
          }
        }),
      );
      for (const partition of partitions) {
        const expected = Array.from({ length: 25 }, (_, n) => `${partition.partition}:${n}`);
        expect(textsOf(await all(partition))).toEqual(expected);
      }
    });

    it('are read from any offset on, about as many bytes as asked for, one at least', async () => {
      await log().append(at, bytesOf(...Array.from({ length: 20 }, (_, n) => `${n}`.padStart(100, '.'))));
      expect((await log().read(at, 7, 1)).records.map(({ offset }) => offset)).toEqual([7]);
      const some = (await log().read(at, 3, 500)).records;
      expect(some[0]?.offset).toBe(3);
      expect(some.length).toBeGreaterThanOrEqual(1);
      expect(some.length).toBeLessThanOrEqual(6);
      expect((await log().read(at, 20, 500)).records).toEqual([]);
      expect(await all(at)).toHaveLength(20);
    });

    it('that the log does not hold yet are out of range, and the error says what it holds', async () => {
      await log().append(at, bytesOf('a', 'b'));
      const beyond = log().read(at, 3, 10);
      await expect(beyond).rejects.toThrow(OffsetOutOfRangeError);
      await expect(beyond).rejects.toMatchObject({ asked: 3, bounds: { first: 0, next: 2 } });
      await expect(log().read(at, -1, 10)).rejects.toThrow(OffsetOutOfRangeError);
    });

    it('say when they were appended, never earlier than their predecessors', async () => {
      for (const text of ['a', 'b', 'c']) await log().append(at, bytesOf(text));
      const times = (await all(at)).map(({ appendedAtMs }) => appendedAtMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every(Number.isFinite)).toBe(true);
    });

    it('are flushed when asked for', async () => {
      await log().append(at, bytesOf('a'));
      await expect(Promise.all([log().flushed(), log().flushed()])).resolves.toHaveLength(2);
    });
  });
}

function describeWaiting(log: () => EventLog): void {
  describe('waiting for an offset', () => {
    let at: TopicPartition;
    beforeEach(async () => {
      at = { topic: topicNames.next(), partition: 0 };
      await log().createTopics([keptForEver(at.topic, 1)]);
    });
    const forEver = new AbortController().signal;

    it('ends at once when the log holds it', async () => {
      await log().append(at, bytesOf('a'));
      await log().waitFor(at, 0, forEver);
      expect(await log().bounds(at)).toEqual({ first: 0, next: 1 });
    });

    it('ends when it is appended, for everybody who waits, and not before', async () => {
      const order: string[] = [];
      const waits = [1, 1, 0].map((offset) =>
        log()
          .waitFor(at, offset, forEver)
          .then(() => order.push(`${offset}`)),
      );
      order.push('append first');
      await log().append(at, bytesOf('a'));
      await waits[2];
      order.push('append second');
      await log().append(at, bytesOf('b'));
      await Promise.all(waits);
      expect(order).toEqual(['append first', '0', 'append second', '1', '1']);
    });

    it('ends when it is aborted, during it or before', async () => {
      const patience = new AbortController();
      const wait = log().waitFor(at, 0, patience.signal);
      patience.abort();
      await wait;
      await log().waitFor(at, 5, patience.signal);
      expect(await log().bounds(at)).toEqual({ first: 0, next: 0 });
    });

    it('follows a writer record by record without missing one', async () => {
      const texts = Array.from({ length: 60 }, (_, n) => `${n}`);
      const seen: string[] = [];
      const reader = (async () => {
        while (seen.length < texts.length) {
          await log().waitFor(at, seen.length, forEver);
          seen.push(...textsOf((await log().read(at, seen.length, 200)).records));
        }
      })();
      for (const text of texts) await log().append(at, bytesOf(text));
      await reader;
      expect(seen).toEqual(texts);
    });
  });
}
