import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

describe('the parts of kafkajs that are no public API', () => {
  it('are those of the version that the adapter was written for', () => {
    expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
  });

  it('can connect, and keep one connection apart from the other', () => {
    const Broker = require('kafkajs/src/broker') as new (options: object) => Record<string, unknown>;
    const Pool = require('kafkajs/src/network/connectionPool') as new (options: object) => { pool: object[] };
    const createSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown;
    const logger = { namespace: () => logger };
    const pool = new Pool({ host: 'localhost', port: 1, logger, socketFactory: createSocketFactory() });
    expect(pool.pool).toHaveLength(2);
    const methods = [
      ...['isConnected', 'connect', 'disconnect', 'send'],
      ...['isAuthenticated', 'authenticate', 'failIfNotConnected', 'nextCorrelationId'],
      ...['requestQueue.push', 'requestQueue.maybeThrottle', 'requestQueue.rejectAll'],
      'requestQueue.scheduleCheckPendingRequests',
    ];
    for (const method of methods) expect(pool.pool[0]).toHaveProperty(method, expect.any(Function));
    const broker = new Broker({ connectionPool: pool, logger });
    expect(broker.connect).toBeInstanceOf(Function);
    expect(broker.lookupRequest).toBeInstanceOf(Function);
  });

  it.each([
    ...['Metadata', 'ListOffsets', 'GroupCoordinator', 'JoinGroup', 'SyncGroup', 'Heartbeat', 'LeaveGroup'],
    ...['OffsetCommit', 'OffsetFetch', 'InitProducerId', 'CreateTopics', 'DescribeConfigs'],
  ])('encode and decode %s', (name) => {
    const { requests } = require('kafkajs/src/protocol/requests') as {
      requests: Record<string, { versions: string[]; protocol(which: { version: string }): (of: object) => object }>;
    };
    const keys = require('kafkajs/src/protocol/requests/apiKeys') as Record<string, number>;
    const definition = requests[name];
    const version = definition?.versions.at(-1) as string;
    const request = definition?.protocol({ version })({ topics: [], groupProtocols: [], groupAssignment: [] });
    expect(request).toMatchObject({
      request: { apiKey: keys[name], encode: expect.any(Function) },
      response: { decode: expect.any(Function) },
    });
  });
});
