import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { readEntries } from './checkpoint-reader.js';
import type { RedisNotice } from './notices.js';
import { openConnection } from './open-redis-store.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, plain, settingsFor } from './redis-under-test.js';
import { effectiveSettings, type RedisSettings } from './settings.js';
import { taskKeys } from './task-keys.js';
import { watched } from './watched-connection.js';

describe('a Redis that lost something', () => {
  const opened = new Opened();
  const notices: RedisNotice[] = [];
  let server: RedisServer;
  let settings: RedisSettings;
  let store: RedisCheckpointStore;
  let client: Redis;
  let task: string;
  const save = (buildsOn: number, values: Record<string, string | null>) =>
    store.save(task, { token: 'one', buildsOn, position: 10 * (buildsOn + 1), changes: changes(values) });

  beforeAll(async () => {
    server = await startRedis();
    opened.closedBy(() => server.stop());
    settings = settingsFor(server.url);
    store = await opened.store(settings, notices);
    client = opened.client(server.url);
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    task = `moola.test/${randomUUID()}/0`;
    notices.length = 0;
  });

  it('fences who built on what was flushed, and begins from nothing', async () => {
    await store.acquire(task, 'one');
    await save(0, { a: 'A' });
    await client.flushall();
    expect(await store.owns(task, 'one')).toBe(false);
    expect(await save(1, { b: 'B' })).toEqual({ saved: false, reason: 'fenced' });
    expect(await store.acquire(task, 'one')).toEqual({ checkpoint: null });
    expect(await save(1, { b: 'B' })).toEqual({ saved: false, reason: 'fenced' });
    expect(await save(0, { b: 'B' })).toEqual({ saved: true, sequence: 1 });
  });

  it('fences who built on what came after a snapshot that was put back, and goes on from the snapshot', async () => {
    await store.acquire(task, 'one');
    await save(0, { a: 'A', b: 'B' });
    const snapshot = server.snapshot();
    await save(1, { a: 'A2', b: null, c: 'C' });
    await server.restoreSnapshot(snapshot);
    expect(await store.owns(task, 'one')).toBe(true);
    expect(await save(2, { d: 'D' })).toEqual({ saved: false, reason: 'fenced' });
    expect(plain(await store.acquire(task, 'one'))).toEqual({
      sequence: 1,
      position: 10,
      entries: { a: 'A', b: 'B' },
    });
    expect(await save(1, { e: 'E' })).toEqual({ saved: true, sequence: 2 });
    expect(plain(await store.acquire(task, 'one'))?.entries).toEqual({ a: 'A', b: 'B', e: 'E' });
  });

  it('keeps what it has acknowledged through a kill', async () => {
    await store.acquire(task, 'one');
    await save(0, { a: 'A' });
    await server.kill();
    await server.restart();
    expect(await save(1, { b: 'B' })).toEqual({ saved: true, sequence: 2 });
    expect(plain(await store.acquire(task, 'two'))).toEqual({ sequence: 2, position: 20, entries: { a: 'A', b: 'B' } });
  });

  it('does not pass off a part of a checkpoint as the whole: with an entry gone, the task starts from nothing', async () => {
    await store.acquire(task, 'one');
    await save(0, { a: 'A', b: 'B' });
    await client.hdel(taskKeys(settings.keyPrefix as string, task).entries, 'a');
    expect(await save(1, { c: 'C' })).toEqual({ saved: false, reason: 'fenced' });
    expect(await store.acquire(task, 'one')).toEqual({ checkpoint: null });
    expect(notices).toEqual([expect.objectContaining({ kind: 'checkpoint-damaged', task })]);
    expect(await save(0, { d: 'D' })).toEqual({ saved: true, sequence: 1 });
    expect(plain(await store.acquire(task, 'one'))?.entries).toEqual({ d: 'D' });
  });

  it('takes entries without a head for none: who evicted the head may have left them', async () => {
    await store.acquire(task, 'one');
    await save(0, { a: 'A' });
    await client.del(taskKeys(settings.keyPrefix as string, task).head);
    expect(await store.acquire(task, 'one')).toEqual({ checkpoint: null });
    await save(0, { b: 'B' });
    expect(plain(await store.acquire(task, 'one'))?.entries).toEqual({ b: 'B' });
  });

  it('is read again when it restarts while entries are read: cursors of before mean nothing then', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`entry ${n}`, `${n}`]));
    await store.acquire(task, 'one');
    await save(0, many);
    const connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    const restarting = watched(connection, 'run', { after: (call) => (call === 2 ? server.restart() : undefined) });
    const interrupted = new RedisCheckpointStore(restarting, effectiveSettings(settings), () => undefined);
    expect(plain(await interrupted.acquire(task, 'two'))).toEqual({ sequence: 1, position: 10, entries: many });
    const keys = taskKeys(settings.keyPrefix as string, task);
    expect((await readEntries(connection, 'read', keys)).size).toBe(3000);
  });
});
