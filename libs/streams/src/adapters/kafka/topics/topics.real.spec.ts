import { describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { RecordBatch, TopicPartition } from '../../../ports/event-log.js';
import { bytesOf, keptForEver, topicNames } from '../../../ports/event-log.contract-values.js';
import { eventually } from '../../../testing/eventually.js';
import { eachOnSharedKafka, type KafkaUnderTest } from '../kafka-under-test.js';

describe('topics on Kafka', () => {
  let kafka: KafkaUnderTest;
  eachOnSharedKafka((given) => (kafka = given));

  /** By another client than ours. */
  const byAdmin = async <T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const admin = new Kafka({ brokers: kafka.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  };

  it('are made as they must be', async () => {
    const log = kafka.open({ replication: 1 });
    const [kept, short] = [topicNames.next(), topicNames.next()];
    const topics = [
      keptForEver(kept, 2),
      { name: short, partitions: 3, retentionMs: 3_600_000, retentionBytes: 80_000_000 },
    ];
    await log.createTopics(topics);
    expect(await log.checkTopics(topics)).toEqual([]);
    const configuration = await byAdmin((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [kept, short].map((name) => ({ type: 2, name })) }),
    );
    const [first, second] = configuration.resources.map(({ configEntries }) =>
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    );
    expect(first).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
      'min.insync.replicas': '1',
      'unclean.leader.election.enable': 'false',
    });
    expect(second).toMatchObject({
      'retention.ms': '3600000',
      'retention.bytes': '80000000',
      // Records outlive their retention by an eighth of it at most.
      'segment.ms': '450000',
      'segment.bytes': '10000000',
    });
  });

  it('that may grow are read in every partition that is added; of others it is said what to do, and nothing moves', async () => {
    const log = kafka.open({ replication: 1, growthCheckMs: 100 });
    const [grows, fixed] = [topicNames.next(), topicNames.next()];
    const topics = [{ ...keptForEver(grows, 1), mayGrow: true }, keptForEver(fixed, 1)];
    await log.createTopics(topics);
    const held = new Map<string, number>();
    const read: string[] = [];
    const member = {
      assigned: async (at: TopicPartition) => {
        held.set(at.topic, Math.max(held.get(at.topic) ?? 0, at.partition + 1));
        return 0;
      },
      batch: async ({ topic, partition, records }: RecordBatch) => {
        read.push(...records.map(({ value }) => `${topic}/${partition} ${String(value)}`));
      },
      revoked: async () => undefined,
    };
    const subscriptions = [await log.join(`of-${grows}`, grows, member), await log.join(`of-${fixed}`, fixed, member)];
    await eventually('both are held', () => held.size === 2);
    await byAdmin((admin) =>
      admin.createPartitions({ topicPartitions: [grows, fixed].map((topic) => ({ topic, count: 3 })) }),
    );
    await eventually('what was added is held', () => held.get(grows) === 3);
    await eventually('what is written there is read', async () => {
      await log.append({ topic: grows, partition: 2 }, [Buffer.from('new')]);
      return read.includes(`${grows}/2 new`);
    });
    await eventually('it is said of both', () => kafka.told('partitions-added').length === 2);
    expect(kafka.told('partitions-added')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ topic: grows, had: 1, has: 3, areRead: true }),
        expect.objectContaining({
          topic: fixed,
          had: 1,
          has: 3,
          areRead: false,
          advice: expect.stringContaining('delete the topic'),
        }),
      ]),
    );
    expect(held.get(fixed)).toBe(1);
    // A service that starts now goes on with the first, and refuses the second with what to do.
    const other = kafka.open({ replication: 1 });
    const problems = await other.checkTopics(topics);
    expect(problems).toEqual([
      expect.stringContaining(`topic ${fixed} has 3 partitions, not 1: a partition count is fixed`),
    ]);
    expect(problems[0]).toContain('moola tasks new-epoch');
    await other.createTopics(topics.slice(0, 1));
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  });

  it('that are missing or different are listed, with what to do', async () => {
    const log = kafka.open({ replication: 1 });
    const [missing, foreign] = [topicNames.next(), topicNames.next()];
    await byAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: false, // It does not bear that a topic is not there yet.
        topics: [
          {
            topic: foreign,
            numPartitions: 2,
            configEntries: [
              { name: 'cleanup.policy', value: 'compact' },
              { name: 'compression.type', value: 'lz4' },
              { name: 'retention.ms', value: '1000' },
            ],
          },
        ],
      }),
    );
    const isThere = () => log.partitionCount(foreign).then(Boolean, () => false);
    await eventually('the topic is there', isThere);
    const problems = await log.checkTopics([keptForEver(missing, 1), keptForEver(foreign, 4)]);
    expect(problems).toHaveLength(6);
    expect(problems[0]).toBe(`topic ${missing} is missing: make it, or let a service make its topics`);
    expect(problems[1]).toContain(`topic ${foreign} has 2 partitions, not 4`);
    for (const change of [
      'set cleanup.policy=delete',
      'set retention.ms=-1',
      'set message.timestamp.type=LogAppendTime',
      'set compression.type=uncompressed',
    ]) {
      expect(problems.filter((problem) => problem.endsWith(change))).toHaveLength(1);
    }
  });

  it('may keep more than was asked for, but no less', async () => {
    const log = kafka.open({ replication: 1 });
    const asked = (retentionMs: number, retentionBytes: number) => ({ ...wanted, retentionMs, retentionBytes });
    const wanted = keptForEver(topicNames.next(), 1);
    await log.createTopics([asked(3_600_000, 80_000_000)]);
    expect(await log.checkTopics([asked(1_800_000, 40_000_000)])).toEqual([]);
    const problems = await log.checkTopics([asked(7_200_000, 80_000_000), asked(3_600_000, 90_000_000), wanted]);
    expect(problems.map((problem) => problem.split('set ')[1])).toEqual([
      'retention.ms=7200000',
      'retention.bytes=90000000',
      'retention.ms=-1',
      'retention.bytes=-1',
    ]);
  });

  it('have as many replicas as was asked for; where nothing was, those with which they were made', async () => {
    const log = kafka.open({ replication: 1 });
    const topic = keptForEver(topicNames.next(), 1);
    await log.createTopics([topic]);
    expect(await kafka.open({}).checkTopics([topic])).toEqual([]);
    const problems = await kafka.open({ replication: 3 }).checkTopics([topic]);
    expect(problems).toEqual([expect.stringContaining('has 1 replicas, not 3')]);
  });

  it('are made once when several processes make them at the same moment', async () => {
    const logs = [kafka.open(), kafka.open(), kafka.open()];
    const name = topicNames.next();
    await Promise.all(logs.map((log) => log.createTopics([keptForEver(name, 2)])));
    expect(await logs[0]?.append({ topic: name, partition: 1 }, bytesOf('a'))).toBe(0);
  });

  it('say when a record is larger than they take', async () => {
    const log = kafka.open({ maxMessageBytes: 10_000 });
    const at = { topic: await kafka.topic(1), partition: 0 };
    await expect(log.append(at, [new Uint8Array(10_001)])).rejects.toThrow(/10001 bytes.*max\.message\.bytes/);
    // The topic takes less than this log was told.
    const bold = kafka.open();
    await expect(bold.append(at, [new Uint8Array(20_000)])).rejects.toThrow(/20000 bytes.*max\.message\.bytes/);
    const many = Array.from({ length: 40 }, () => new Uint8Array(5_000));
    expect(await bold.append(at, many)).toBe(0);
    expect(await bold.bounds(at)).toEqual({ first: 0, next: 40 });
  });
});
