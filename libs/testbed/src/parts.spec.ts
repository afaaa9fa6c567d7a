import { afterEach, describe, expect, it } from '@jest/globals';
import { missingParts } from './parts.js';
import { sharedKafka, sharedRedis } from './shared.js';

describe('servers that run already', () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = before;
  });

  it('are used as they are', async () => {
    process.env['MOOLA_KAFKA_BROKERS'] = 'kafka.example:9092';
    process.env['REDIS_URL'] = 'rediss://redis.example:6380';
    expect(await sharedKafka()).toBe('kafka.example:9092');
    expect(await sharedRedis()).toBe('rediss://redis.example:6380');
  });

  it('are missing parts when nothing listens at their addresses', async () => {
    // Nobody listens on port 1 of this machine.
    process.env['MOOLA_KAFKA_BROKERS'] = '127.0.0.1:1';
    process.env['REDIS_URL'] = 'redis://127.0.0.1:1/3';
    expect((await missingParts('addresses')).map(({ message }) => message)).toEqual([
      'Kafka cannot be had here: nothing listens at MOOLA_KAFKA_BROKERS=127.0.0.1:1. ' +
        'To get it: start it there, or unset MOOLA_KAFKA_BROKERS',
      'Redis cannot be had here: nothing listens at REDIS_URL=redis://127.0.0.1:1/3. ' +
        'To get it: start it there, or unset REDIS_URL',
    ]);
  });
});
