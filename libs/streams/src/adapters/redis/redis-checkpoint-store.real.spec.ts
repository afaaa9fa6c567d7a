import { sharedRedis } from '@moola/testbed/shared';
import { randomUUID } from 'node:crypto';
import { describeCheckpointStore } from '../../ports/checkpoint-store.contract.js';
import { openRedisStore } from './open-redis-store.js';

describeCheckpointStore('Redis', async () => {
  const url = await sharedRedis();
  const store = await openRedisStore(
    { servers: { kind: 'single', url }, keyPrefix: `contract:${randomUUID()}:`, abandonedAfterMs: 600_000 },
    { notices: () => undefined },
  );
  return { store, end: () => store.close() };
});
