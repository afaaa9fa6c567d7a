import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { bytesOf, keptForEver, textsOf, topicNames } from '../../ports/event-log.contract-values.js';
import { KafkaUnderTest } from './kafka-under-test.js';

/** A broker that nobody has used yet says for a while that its coordinators are loading. */
describe('the first use of a new Kafka', () => {
  let broker: KafkaServer;
  let kafka: KafkaUnderTest;
  beforeAll(async () => {
    broker = await startKafka();
    kafka = new KafkaUnderTest(broker.brokers);
  }, 300_000);
  afterAll(async () => {
    await kafka.close();
    await broker.stop();
  });

  it('works, also when the broker comes later than its client', async () => {
    await broker.kill();
    const log = kafka.open();
    const topic = topicNames.next();
    const made = log.createTopics([keptForEver(topic, 1)]);
    await broker.restart();
    await made;
    const handled = new Promise<string[]>((resolve, reject) => {
      const member = { assigned: async () => 0, revoked: async () => undefined };
      const batch = async ({ records }: { records: Parameters<typeof textsOf>[0] }) => resolve(textsOf(records));
      log.join('first-group', topic, { ...member, batch }).then(({ failed }) => failed.catch(reject), reject);
    });
    expect(await log.append({ topic, partition: 0 }, bytesOf('a'))).toBe(0);
    expect(await handled).toEqual(['a']);
  }, 300_000);
});
