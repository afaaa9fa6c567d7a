import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sharedRedis } from '@moola/testbed/shared';
import { openRedisAdministration, type RedisAdministration } from './administration.js';
import type { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, settingsFor } from './redis-under-test.js';

describe('administration of a Redis', () => {
  let opened: Opened;
  let store: RedisCheckpointStore;
  let administration: RedisAdministration;

  beforeEach(async () => {
    opened = new Opened();
    const settings = settingsFor(await sharedRedis());
    store = await opened.store(settings);
    administration = await openRedisAdministration(settings, { notices: () => undefined });
    opened.closedBy(() => administration.close());
  });
  afterEach(() => opened.close());

  it('lists the tasks whose id begins as asked, with what they have', async () => {
    for (const task of ['live/join/0', 'live/join/1', 'live/*', 'replay/join/0', 'live/{odd}%'])
      await store.acquire(task, 'one');
    const save = { token: 'one', buildsOn: 0, position: 7, changes: changes({ a: 'A'.repeat(1000), b: 'B' }) };
    await store.save('live/join/1', save);
    expect(await administration.tasks('live/')).toEqual([
      { task: 'live/*', sequence: 0, position: 0, entries: 0, bytes: expect.any(Number) },
      { task: 'live/join/0', sequence: 0, position: 0, entries: 0, bytes: expect.any(Number) },
      { task: 'live/join/1', sequence: 1, position: 7, entries: 2, bytes: expect.any(Number) },
      { task: 'live/{odd}%', sequence: 0, position: 0, entries: 0, bytes: expect.any(Number) },
    ]);
    const [, , saved] = await administration.tasks('live/');
    expect(saved?.bytes).toBeGreaterThan(1000);
    expect((await administration.tasks('live/*')).map(({ task }) => task)).toEqual(['live/*']);
    expect((await administration.tasks('live/{')).map(({ task }) => task)).toEqual(['live/{odd}%']);
    expect(await administration.tasks('nothing')).toEqual([]);
  });

  it('removes a task whole, and fences its owner', async () => {
    await store.acquire('task', 'one');
    await store.save('task', { token: 'one', buildsOn: 0, position: 7, changes: changes({ a: 'A' }) });
    expect(await administration.remove('task')).toBe(true);
    expect(await administration.remove('task')).toBe(false);
    expect(await store.owns('task', 'one')).toBe(false);
    const next = { token: 'one', buildsOn: 1, position: 8, changes: changes({ b: 'B' }) };
    expect(await store.save('task', next)).toEqual({ saved: false, reason: 'fenced' });
    expect(await store.acquire('task', 'two')).toEqual({ checkpoint: null });
  });
});
