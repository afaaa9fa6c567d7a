import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { shortLived, startKafka, startKafkaCluster, type KafkaServer } from './kafka.js';

function client(brokers: string, settings: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, ...settings });
}

async function send(kafka: Kafka, topic: string, value: string): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
}

/** The newest offset of partition 0: how many records it has had. */
async function recordsIn(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(partition?.high);
}

async function create(kafka: Kafka, topic: string, replicas: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, replicationFactor: replicas }],
    waitForLeaders: true,
  });
  await admin.disconnect();
}

describe('a Kafka of its own', () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await startKafka({
      listeners: { SECURE: 'SASL_PLAINTEXT' },
      properties: {
        'sasl.enabled.mechanisms': 'SCRAM-SHA-256',
        'listener.name.secure.scram-sha-256.sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      },
      scram: ['SCRAM-SHA-256=[name=moola,password=secret]'],
    });
    await create(client(server.brokers), 'kept', 1);
  });

  afterAll(() => server.stop());

  it('keeps its address and its records over a restart and over a kill', async () => {
    const kafka = client(server.brokers);
    const { brokers, pid } = server;
    await send(kafka, 'kept', 'before the restart');
    await server.restart();
    await send(kafka, 'kept', 'before the kill');
    await server.kill();
    await server.restart();
    expect(server.brokers).toBe(brokers);
    expect(server.pid).not.toBe(pid);
    expect(await recordsIn(kafka, 'kept')).toBe(2);
  });

  it('has the listeners and users that it was asked for', async () => {
    const secure = (password: string): Kafka =>
      client(server.listeners['SECURE'] as string, {
        sasl: { mechanism: 'scram-sha-256', username: 'moola', password },
        retry: { retries: 1 },
      });
    await expect(recordsIn(secure('secret'), 'kept')).resolves.toEqual(expect.any(Number));
    await expect(recordsIn(secure('wrong'), 'kept')).rejects.toThrow(/Authentication failed/);
  });

  it('answers again where it stopped after a pause', async () => {
    const kafka = client(server.brokers);
    const before = await recordsIn(kafka, 'kept');
    server.pause();
    const sent = send(kafka, 'kept', 'to a server that does not answer');
    server.resume();
    await sent;
    expect(await recordsIn(kafka, 'kept')).toBe(before + 1);
  });
});

it('a Kafka of three nodes has records when the node that took them is killed', async () => {
  const cluster = await startKafkaCluster(3, { java: shortLived('256m') });
  try {
    const kafka = client(cluster.brokers, { retry: { retries: 20, maxRetryTime: 1_000 } });
    await create(kafka, 'replicated', 3);
    await send(kafka, 'replicated', 'to all');
    const admin = kafka.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: ['replicated'] });
    await admin.disconnect();
    const leader = topics[0]?.partitions[0]?.leader as number;
    await cluster.nodes[leader - 1]?.kill();
    await send(kafka, 'replicated', 'to the others');
    expect(await recordsIn(kafka, 'replicated')).toBe(2);
  } finally {
    await cluster.stop();
  }
});
