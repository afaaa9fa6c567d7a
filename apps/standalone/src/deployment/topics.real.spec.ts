import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { Kafka, logLevel } from 'kafkajs';
import { streamsTask } from './connections.js';

it('a validation names topics that have too few partitions, and takes those that are missing for yet to be made', async () => {
  const environment = `validated-${randomBytes(4).toString('hex')}`;
  const brokers = await sharedKafka();
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topic = `moola.${environment}.intake.v1`;
  const variables = {
    MOOLA_MODE: 'distributed',
    MOOLA_KAFKA_BROKERS: brokers,
    REDIS_URL: await sharedRedis(),
    MOOLA_ENVIRONMENTS: environment,
    MOOLA_PARTITIONS: '3',
    MOOLA_INSTALLATION_KEY: randomBytes(32).toString('base64'),
  };
  const task = streamsTask(() => variables);
  expect(await task.run()).toBe('13 topics, 13 of which the first start makes');
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await expect(task.run()).rejects.toThrow(`topic ${topic} has 1 partitions, not 3: a partition count is fixed`);
  await expect(streamsTask(() => ({ ...variables, MOOLA_CREATE_TOPICS: 'off' })).run()).rejects.toThrow('is missing');
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});
