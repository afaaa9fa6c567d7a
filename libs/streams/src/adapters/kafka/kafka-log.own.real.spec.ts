import { afterAll, beforeAll } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { describeEventLog } from '../../ports/event-log.contract.js';
import { openKafkaLog } from './open-kafka-log.js';

let kafka: KafkaServer;

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      // Retention often enough for a test, and segments small enough for it: a new one every few milliseconds.
      'log.retention.check.interval.ms': '200',
      'log.initial.task.delay.ms': '100',
      'log.roll.ms': '5',
    },
  });
}, 300_000);

afterAll(() => kafka.stop());

describeEventLog('kafka', async () => {
  const log = openKafkaLog({ brokers: [kafka.brokers] });
  return { log, enforceRetention: () => setTimeout(300), end: () => log.close() };
});
