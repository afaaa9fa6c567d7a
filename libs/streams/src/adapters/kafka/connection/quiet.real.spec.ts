import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedKafka } from '@moola/testbed/shared';
import { KafkaConnection } from './kafkajs-client.js';

describe('a connection to a broker', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('sets no timer while nothing is asked of it', async () => {
    const [host = '', port = ''] = (await sharedKafka()).split(',')[0]!.split(':');
    const settings = { clientId: 'quiet', ssl: null, sasl: null, connectTimeoutMs: 10_000, requestTimeoutMs: 10_000 };
    const connection = await KafkaConnection.open({ host, port: Number(port) }, settings);
    try {
      await connection.call('Metadata', { topics: [] });
      const timers = jest.spyOn(globalThis, 'setTimeout');
      await sleep(200);
      expect(timers).not.toHaveBeenCalled();
      await connection.call('Metadata', { topics: [] });
    } finally {
      connection.close();
    }
  });
});
