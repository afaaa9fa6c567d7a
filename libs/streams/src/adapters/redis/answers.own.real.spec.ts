import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { RedisStoreError } from './errors.js';
import type { RedisNotice } from './notices.js';
import { openConnection } from './open-redis-store.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, plain, rejection, settingsFor } from './redis-under-test.js';
import { effectiveSettings } from './settings.js';

describe('answers of a Redis', () => {
  const suite = new Opened();
  let opened: Opened;
  let server: RedisServer;
  let client: Redis;
  let task: string;
  const save = (store: RedisCheckpointStore, buildsOn: number) =>
    store.save(task, {
      token: 'one',
      buildsOn,
      position: buildsOn + 1,
      changes: changes({ [`entry ${buildsOn}`]: 'x' }),
    });

  beforeAll(async () => {
    server = await startRedis();
    suite.closedBy(() => server.stop());
    client = suite.client(server.url);
  });
  afterAll(() => suite.close());
  beforeEach(() => {
    opened = new Opened();
    task = `moola.test/${randomUUID()}/0`;
  });
  afterEach(() => opened.close());

  it('come in one round trip a checkpoint', async () => {
    const store = await opened.store(settingsFor(server.url));
    await store.acquire(task, 'one');
    await client.config('RESETSTAT');
    const before = store.roundTrips;
    for (let n = 0; n < 50; n++) expect(await save(store, n)).toEqual({ saved: true, sequence: n + 1 });
    expect(store.roundTrips - before).toBe(50);
    expect(await topLevelCalls(client)).toBe(50);
  });

  it('also come after the scripts were flushed', async () => {
    const store = await opened.store(settingsFor(server.url));
    await store.acquire(task, 'one');
    await save(store, 0);
    await save(store, 1);
    await client.script('FLUSH');
    expect(await save(store, 2)).toEqual({ saved: true, sequence: 3 });
  });

  it('that are lost with the connection are missing, and the save is not sent again', async () => {
    const proxy = await cuttingProxy(server.port);
    opened.closedBy(proxy.close);
    const notices: RedisNotice[] = [];
    const store = await opened.store(settingsFor(`redis://127.0.0.1:${proxy.port}`), notices);
    await store.acquire(task, 'one');
    await save(store, 0);
    await client.config('RESETSTAT');
    proxy.cutAtNextAnswer();
    expect(await rejection(save(store, 1))).toMatchObject({ name: 'RedisStoreError', problem: 'answer-missing' });
    expect(plain(await store.acquire(task, 'two'))).toMatchObject({ sequence: 2, position: 2 });
    // One save, and the script and the readings of the acquisition.
    expect(await calls(client, 'eval', 'evalsha')).toBe(2);
    expect(notices.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['connection-lost', 'connection-back']));
  });

  it('that take too long are missing, and come to nothing when they come', async () => {
    const store = await opened.store(settingsFor(server.url, { commandTimeoutMs: 400 }));
    await store.acquire(task, 'one');
    server.pause();
    const error = await rejection(save(store, 0)).finally(() => server.resume());
    expect(error).toMatchObject({ problem: 'answer-missing' });
    expect((error as RedisStoreError).message).toBe(
      `Redis at 127.0.0.1:${server.port}: cannot save ${task}: no answer came (none within 400 ms); ` +
        'it may have been carried out',
    );
    expect(plain(await store.acquire(task, 'two'))).toEqual({ sequence: 1, position: 1, entries: { 'entry 0': 'x' } });
  });

  it('that lie in the socket while this process was busy for longer than they may take are not missing', async () => {
    const store = await opened.store(settingsFor(server.url, { commandTimeoutMs: 200 }));
    await store.acquire(task, 'one');
    const saving = save(store, 0);
    await new Promise(setImmediate); // It has been sent.
    const busyUntil = performance.now() + 600;
    while (performance.now() < busyUntil);
    expect(await saving).toEqual({ saved: true, sequence: 1 });
  });

  it('are waited for while the server restarts: what was not sent is no answer missing', async () => {
    const store = await opened.store(settingsFor(server.url, { commandTimeoutMs: 20_000 }));
    await store.acquire(task, 'one');
    await server.kill();
    const saving = save(store, 0);
    await server.restart();
    expect(await saving).toEqual({ saved: true, sequence: 1 });
  });

  it('are asked for on the next connection when the last has ended unnoticed: nothing was sent on it', async () => {
    const settings = settingsFor(server.url);
    const connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    const store = new RedisCheckpointStore(connection, effectiveSettings(settings), () => undefined);
    await store.acquire(task, 'one');
    const redis = connection.client as Redis;
    redis.stream.end();
    expect(redis.status).toBe('ready');
    expect(await save(store, 0)).toEqual({ saved: true, sequence: 1 });
  });

  it('never come from a server that stays away, which is said of each command that waited', async () => {
    const own = await startRedis();
    opened.closedBy(() => own.stop());
    const store = await opened.store(settingsFor(own.url, { commandTimeoutMs: 300 }));
    await store.acquire(task, 'one');
    await own.kill();
    const error = await rejection(save(store, 0));
    expect(error).toBeInstanceOf(RedisStoreError);
    expect(error).toMatchObject({ problem: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('are not given any more by a store that is closed', async () => {
    const store = await opened.store(settingsFor(server.url));
    await store.close();
    expect(await rejection(store.owns(task, 'one'))).toMatchObject({ problem: 'closed' });
  });

  it('say no to the head of a newer version', async () => {
    const settings = settingsFor(server.url);
    const store = await opened.store(settings);
    await client.hset(`${settings.keyPrefix}{${task}}:head`, 'format', '9', 'sequence', '4');
    expect(await rejection(store.acquire(task, 'one'))).toMatchObject({
      problem: 'newer',
      message: expect.stringContaining('format 9'),
    });
  });

  it('come although a task is abandoned only later: its keys live equally long, renewed by saves', async () => {
    const settings = settingsFor(server.url, { abandonedAfterMs: 600_000 });
    const store = await opened.store(settings);
    const [head, entries] = [`${settings.keyPrefix}{${task}}:head`, `${settings.keyPrefix}{${task}}:entries`];
    const left = () => Promise.all([client.pexpiretime(head), client.pexpiretime(entries)]);
    await store.acquire(task, 'one');
    await save(store, 0);
    const [first, same] = await left();
    expect(same).toBe(first);
    await save(store, 1);
    expect(await left()).toEqual([first, first]);
    await client.pexpire(head, 200_000);
    await client.pexpire(entries, 200_000);
    await save(store, 2);
    const [renewed, equally] = await left();
    expect(equally).toBe(renewed);
    expect(renewed).toBeGreaterThanOrEqual(first);
    await store.save(task, {
      ...{ token: 'one', buildsOn: 3, position: 9 },
      changes: changes({ 'entry 0': null, 'entry 1': null, 'entry 2': null }),
    });
    await save(store, 4);
    expect(await client.pttl(entries)).toBeGreaterThan(0);
  });
});

/** Commands that clients sent, those that scripts called left out. */
function topLevelCalls(client: Redis): Promise<number> {
  return calls(client, 'eval', 'evalsha', 'hscan', 'hget', 'wait', 'multi', 'exec');
}

async function calls(client: Redis, ...commands: readonly string[]): Promise<number> {
  const statistics = await client.info('commandstats');
  let sum = 0;
  for (const command of commands)
    sum += Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
  return sum;
}

/** Passes bytes on; when told, it cuts the connection instead of passing on the next answer. */
async function cuttingProxy(port: number) {
  let isCutting = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      if (isCutting) cut();
      else near.write(bytes);
      isCutting = false;
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAtNextAnswer: () => (isCutting = true),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
