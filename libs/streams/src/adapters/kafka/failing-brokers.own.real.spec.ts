import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { shortLived, startKafkaCluster, type KafkaCluster, type KafkaServer } from '@moola/testbed/kafka';
import { GroupLedger } from '../../ports/event-log.contract-member.js';
import { eventually } from '../../testing/eventually.js';
import { allTexts, KafkaUnderTest, Writer } from './kafka-under-test.js';

const partitions = 3;

/** Writes and reads while `disturb` does what brokers may do; then nothing is lost, doubled or out of order. */
async function survives(kafka: KafkaUnderTest, disturb: (goesOn: () => Promise<void>) => Promise<void>): Promise<void> {
  const [writing, reading] = [kafka.open(), kafka.open()];
  const topic = await kafka.topic(partitions);
  const ledger = new GroupLedger(partitions);
  const member = await ledger.join(reading, `group-of-${topic}`, topic, 'a');
  const writer = new Writer(writing, topic, partitions);
  const goesOn = async () => {
    const before = [...ledger.positions];
    await eventually('all partitions go on', () =>
      ledger.positions.every((position, p) => position > (before[p] ?? 0) + 5),
    );
  };
  await goesOn();
  await disturb(goesOn);
  await goesOn();
  await writer.stop();
  await eventually('everything is handled', () =>
    ledger.positions.every((position, p) => position === writer.written[p]),
  );
  await member.close();
  expect(ledger.violations).toEqual([]);
  expect(ledger.handled).toEqual(ledger.expected(writer.written));
  for (let partition = 0; partition < partitions; partition++) {
    expect(await allTexts(writing, { topic, partition })).toEqual(ledger.handled[partition]);
  }
}

describe('the log on Kafka, while its only broker', () => {
  let cluster: KafkaCluster;
  let broker: KafkaServer;
  let kafka: KafkaUnderTest;
  beforeAll(async () => {
    cluster = await startKafkaCluster(1);
    broker = cluster.nodes[0] as KafkaServer;
  }, 300_000);
  afterAll(() => cluster.stop());
  beforeEach(() => {
    kafka = new KafkaUnderTest(cluster.brokers);
  });
  afterEach(() => kafka.close());

  it('is killed and restarted, goes on where it was', async () => {
    await survives(kafka, async (goesOn) => {
      await broker.kill();
      await broker.restart();
      await goesOn();
      await broker.restart();
    });
    expect(kafka.told('retrying').length).toBeGreaterThan(0);
  }, 300_000);

  it('answers nothing for a while, goes on where it was', async () => {
    await survives(kafka, async () => {
      broker.pause();
      await setTimeout(2_000);
      broker.resume();
    });
  }, 300_000);

  it('is away, refuses a door after a while; what comes from inside waits', async () => {
    const log = kafka.open({ appendTimeoutMs: 500 });
    const topic = await kafka.topic(1);
    const at = { topic, partition: 0 };
    await log.append(at, [Uint8Array.of(1)]);
    await broker.kill();
    const inside = log.append(at, [Uint8Array.of(2)]);
    const door = log.append({ topic, partition: 0 }, [Uint8Array.of(3)], 'request');
    await expect(door).rejects.toMatchObject({ name: 'LogUnavailableError' });
    await broker.restart();
    expect(await inside).toBe(1);
  }, 300_000);
});

describe('the log on a Kafka of three brokers, while', () => {
  let cluster: KafkaCluster;
  let kafka: KafkaUnderTest;
  beforeAll(async () => {
    cluster = await startKafkaCluster(3, { java: shortLived('256m') });
  }, 300_000);
  afterAll(() => cluster.stop());
  beforeEach(() => {
    kafka = new KafkaUnderTest(cluster.brokers);
  });
  afterEach(() => kafka.close());

  it('each of them is killed in turn, goes on with the others', async () => {
    await survives(kafka, async (goesOn) => {
      for (const node of cluster.nodes) {
        await node.kill();
        await goesOn();
        await node.restart();
        await goesOn();
      }
    });
  }, 300_000);
});
