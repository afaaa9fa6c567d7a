import { describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { OffsetOutOfRangeError, type GroupMember, type LogRecord } from '../../../ports/event-log.js';
import { bytesOf, textsOf } from '../../../ports/event-log.contract-values.js';
import { eventually } from '../../../testing/eventually.js';
import type { KafkaLog } from '../kafka-log.js';
import { eachOnSharedKafka, type KafkaUnderTest } from '../kafka-under-test.js';

describe('a member of a group on Kafka', () => {
  let kafka: KafkaUnderTest;
  eachOnSharedKafka((given) => (kafka = given));

  const byKafkaJs = () => new Kafka({ brokers: kafka.brokers.split(','), logLevel: logLevel.NOTHING });
  const member = (batch: (records: readonly LogRecord[]) => Promise<void>, from = 0): GroupMember => ({
    assigned: async () => from,
    batch: ({ records }) => batch(records),
    revoked: async () => undefined,
  });

  /** All that a member of a group reads, as it comes. */
  const follow = async (log: KafkaLog, topic: string): Promise<LogRecord[]> => {
    const records: LogRecord[] = [];
    await log.join(
      `group-of-${topic}`,
      topic,
      member(async (some) => void records.push(...some)),
    );
    return records;
  };

  it('fails when the log does not hold its position, and is never set elsewhere', async () => {
    const log = kafka.open();
    const topic = await kafka.topic(1);
    const at = { topic, partition: 0 };
    await log.append(at, bytesOf('a', 'b', 'c', 'd'));
    const admin = byKafkaJs().admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic); // It knows no topic that it has not been asked about.
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    await admin.disconnect();
    for (const from of [1, 5]) {
      const records: LogRecord[] = [];
      const read = member(async (some) => void records.push(...some), from);
      const { failed } = await log.join(`group-${from}-of-${topic}`, topic, read);
      const expected = { name: 'OffsetOutOfRangeError', asked: from, bounds: { first: 2, next: 4 } };
      await expect(failed).rejects.toMatchObject(expected);
      await expect(failed).rejects.toThrow(OffsetOutOfRangeError);
      expect(records).toEqual([]);
    }
  });

  it('reads what foreign producers write: keys, headers, no value, compressed', async () => {
    const log = kafka.open();
    const topic = await kafka.topic(1);
    const producer = byKafkaJs().producer();
    await producer.connect();
    const [first, second] = [
      { key: 'k', value: 'plain', headers: { 'content-type': 'application/json', trace: Buffer.from('ä') } },
      { key: null, value: null },
    ];
    await producer.send({ topic, messages: [first, second] });
    await producer.send({ topic, messages: [{ value: 'packed' }], compression: 1 });
    await producer.disconnect();
    const records = await follow(log, topic);
    await eventually('all are read', () => records.length === 3);
    expect(textsOf(records)).toEqual(['plain', '', 'packed']);
    expect(records.map(({ headers }) => headers)).toEqual([
      { 'content-type': 'application/json', trace: 'ä' },
      undefined,
      undefined,
    ]);
    expect(records.every(({ appendedAtMs }) => Math.abs(appendedAtMs - Date.now()) < 600_000)).toBe(true);
  });

  it('sees of foreign transactions what was committed; the rest has offsets, without content', async () => {
    const log = kafka.open();
    const topic = await kafka.topic(1);
    const producer = byKafkaJs().producer({ transactionalId: `of-${topic}`, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (const [value, end] of [
      ['kept', 'commit'],
      ['taken back', 'abort'],
      ['kept too', 'commit'],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value }] });
      await transaction[end]();
    }
    await producer.disconnect();
    const records = await follow(log, topic);
    await eventually('all are read', () => records.length === 6);
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(textsOf(records)).toEqual(['kept', '', '', '', 'kept too', '']);
    expect(records.map(({ isVoid }) => isVoid ?? false)).toEqual([false, true, true, true, false, true]);
  });

  it('takes a tombstone for a record that somebody wrote', async () => {
    const log = kafka.open();
    const topic = await kafka.topic(1);
    const producer = byKafkaJs().producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'user-1', value: null }] });
    await producer.disconnect();
    const records = await follow(log, topic);
    await eventually('it is read', () => records.length === 1);
    expect(records[0]).toMatchObject({ value: new Uint8Array(), offset: 0 });
    expect(records[0]?.isVoid).toBeUndefined();
  });

  it('keeps a bounded amount in memory while one partition is slow, and reads the others to their ends', async () => {
    const log = kafka.open({ fetchPartitionBytes: 64 << 10 });
    const partitions = 3;
    const topic = await kafka.topic(partitions);
    const record = new Uint8Array(50_000).fill(5);
    const count = 200;
    for (let n = 0; n < count; n++) {
      await Promise.all([0, 1, 2].map((partition) => log.append({ topic, partition }, [record])));
    }
    const read = new Array<number>(partitions).fill(0);
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const subscription = await kafka.open({ fetchPartitionBytes: 64 << 10 }).join(`group-of-${topic}`, topic, {
      assigned: async () => 0,
      batch: async ({ partition, records }) => {
        read[partition] = (read[partition] ?? 0) + records.length;
        if (partition === 0) await gate;
      },
      revoked: async () => undefined,
    });
    const before = process.memoryUsage().arrayBuffers;
    await eventually('the others are read', () => read[1] === count && read[2] === count);
    // 10 MB of partition 0 wait on the broker: here wait its 64 KiB, with what one answer may bring beyond.
    expect(read[0]).toBeLessThanOrEqual(4);
    global.gc?.();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 << 20);
    open();
    await eventually('all is read', () => read[0] === count);
    await subscription.close();
  });
});
