import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, Redis } from 'ioredis';
import { runCommand } from './command.js';
import { startRedisCluster } from './redis-cluster.js';
import { startRedis, type RedisServer } from './redis.js';

describe('a Redis of its own', () => {
  let server: RedisServer;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
  });

  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  it('keeps its address and what it acknowledged over a restart and over a kill', async () => {
    const { url, pid } = server;
    await client.set('restart', 'kept');
    await server.restart();
    await client.set('kill', 'kept');
    await server.kill();
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(pid);
    expect(await client.mget('restart', 'kill')).toEqual(['kept', 'kept']);
  });

  it('goes back to what it had when it is set back', async () => {
    await client.set('counter', '1');
    const snapshot = server.snapshot();
    await client.set('counter', '2');
    await server.restoreSnapshot(snapshot);
    expect(await client.get('counter')).toBe('1');
    await client.set('counter', '3');
    await server.restoreSnapshot(snapshot);
    expect(await client.get('counter')).toBe('1');
  });

  it('answers after a pause what it was asked in it', async () => {
    const state = async (): Promise<string> =>
      (await runCommand('ps', ['-o', 'state=', '-p', `${server.pid}`])).output.charAt(0);
    server.pause();
    expect(await state()).toBe('T');
    const answer = client.ping();
    server.resume();
    expect(await answer).toBe('PONG');
    expect(await state()).not.toBe('T');
  });

  it('is gone with its folder when it is stopped', async () => {
    const other = await startRedis();
    await other.stop();
    expect(() => other.pid).toThrow('Redis is not running');
    expect(() => other.output()).toThrow('ENOENT');
  });

  it('says in its error what the server said, when a line of its configuration is wrong', async () => {
    await expect(startRedis({ config: ['no-such-thing 1'] })).rejects.toThrow(/no-such-thing/);
  });
});

describe('several of them', () => {
  const started: { stop(): Promise<void> }[] = [];

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  it('fail over when a sentinel says so', async () => {
    const master = await startRedis();
    started.push(master);
    const replica = await startRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
    started.push(replica);
    const sentinel = await startRedis({
      role: 'sentinel',
      config: [`sentinel monitor moola 127.0.0.1 ${master.port} 1`, 'sentinel down-after-milliseconds moola 500'],
    });
    started.push(sentinel);
    const client = new Redis({ name: 'moola', sentinels: [{ host: '127.0.0.1', port: sentinel.port }] });
    client.on('error', () => undefined);
    await client.set('key', 'replicated');
    expect(await client.wait(1, 10_000)).toBe(1);
    await master.kill();
    const direct = new Redis(replica.url);
    while (!(await direct.info('replication')).includes('role:master')) await direct.ping();
    expect(await direct.get('key')).toBe('replicated');
    client.disconnect();
    direct.disconnect();
  });

  it('are a cluster that holds all slots', async () => {
    const cluster = await startRedisCluster(0);
    started.push(cluster);
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    for (const key of ['a', 'b', 'c', 'd']) await client.set(key, key);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => client.get(key)))).toEqual(['a', 'b', 'c', 'd']);
    client.disconnect();
  });
});
