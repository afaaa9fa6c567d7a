import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedisCluster, type RedisCluster } from '@moola/testbed/redis-cluster';
import type { RedisServer } from '@moola/testbed/redis';
import { Command, type Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { describeCheckpointStore } from '../../ports/checkpoint-store.contract.js';
import { openRedisAdministration } from './administration.js';
import type { RedisNotice } from './notices.js';
import { openRedisStore } from './open-redis-store.js';
import { scriptEntries } from './overlay.js';
import { aclRule } from './permissions.js';
import type { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, plain, rejection } from './redis-under-test.js';
import type { RedisSettings } from './settings.js';
import { taskKeys } from './task-keys.js';

const suite = new Opened();
let cluster: RedisCluster;
const settingsOf = (more: Partial<RedisSettings> = {}): RedisSettings => ({
  servers: { kind: 'cluster', nodes: cluster.nodes.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`) },
  keyPrefix: `test:${randomUUID()}:`,
  // A busy machine is no failure.
  commandTimeoutMs: 60_000,
  ...more,
});

beforeAll(async () => {
  cluster = await startRedisCluster(0, { config: ['cluster-require-full-coverage no'] });
  suite.closedBy(() => cluster.stop());
});
afterAll(() => suite.close());

describeCheckpointStore('Redis Cluster', async () => {
  const store = await openRedisStore(settingsOf(), { notices: () => undefined });
  return { store, end: () => store.close() };
});

describe('a Redis Cluster', () => {
  let settings: RedisSettings;
  let store: RedisCheckpointStore;
  let task: string;
  let slot: number;
  let clients: readonly Redis[];
  const save = (buildsOn: number, values = changes({ [`entry ${buildsOn}`]: 'x' })) =>
    store.save(task, { token: 'one', buildsOn, position: buildsOn + 1, changes: values });
  const ownerOf = async () => {
    const [client] = clients as [Redis];
    const slots = (await client.cluster('SLOTS')) as unknown as [number, number, [string, number]][];
    const port = slots.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
    return cluster.nodes.findIndex((node) => node.port === port);
  };

  beforeAll(() => {
    clients = cluster.nodes.map(({ url }) => suite.client(url));
  });
  beforeEach(async () => {
    settings = settingsOf();
    store = await suite.store(settings);
    task = `moola.test/${randomUUID()}/0`;
    const { head } = taskKeys(settings.keyPrefix as string, task);
    slot = new Command('get', [head]).getSlot();
    await store.acquire(task, 'one');
    await save(0);
  });

  it('has a task’s keys on one node, and lists tasks of all nodes', async () => {
    const tasks = Array.from({ length: 30 }, (_, n) => `moola.test/several/${n}`);
    for (const id of tasks) await store.acquire(id, 'one');
    const sizes = await Promise.all(clients.map((client) => client.keys(`${settings.keyPrefix}*`)));
    expect(sizes.every((keys) => keys.length > 0)).toBe(true);
    const administration = await openRedisAdministration(settings, { notices: () => undefined });
    suite.closedBy(() => administration.close());
    const listed = await administration.tasks('moola.test/several/');
    expect(listed.map((each) => each.task)).toEqual(tasks.sort());
  });

  it('is followed while a slot moves to another node, large checkpoints included', async () => {
    const from = await ownerOf();
    const to = (from + 1) % 3;
    const [source, target] = [clients[from] as Redis, clients[to] as Redis];
    const ids = await Promise.all([source, target].map((client) => client.cluster('MYID')));
    await target.cluster('SETSLOT', slot, 'IMPORTING', ids[0] as string);
    await source.cluster('SETSLOT', slot, 'MIGRATING', ids[1] as string);
    const keys = await source.cluster('GETKEYSINSLOT', slot, 100);
    const { port } = cluster.nodes[to] as RedisServer;
    await source.call('MIGRATE', '127.0.0.1', port, '', 0, 5000, 'KEYS', ...keys);
    // Asked for at the old node, found at the new one: ASK.
    expect(await store.owns(task, 'one')).toBe(true);
    const behind = await suite.store(settings);
    // A script that names a key that does not exist is not taken by either: TRYAGAIN, until the slot has moved.
    const saving = save(1);
    for (const client of clients) await client.cluster('SETSLOT', slot, 'NODE', ids[1] as string);
    expect(await saving).toEqual({ saved: true, sequence: 2 });
    // Another store still believes in the old node: MOVED.
    expect(await behind.owns(task, 'one')).toBe(true);
    const many = Object.fromEntries(Array.from({ length: scriptEntries + 1 }, (_, n) => [`many ${n}`, 'x']));
    expect(await save(2, changes(many))).toEqual({ saved: true, sequence: 3 });
    const found = plain(await store.acquire(task, 'two'));
    expect(found).toEqual({ sequence: 3, position: 3, entries: { 'entry 0': 'x', 'entry 1': 'x', ...many } });
  });

  it('has commands to a killed node rejected, never sent again, and goes on when it is back', async () => {
    const impatient = await suite.store({ ...settings, commandTimeoutMs: 1000 });
    const node = cluster.nodes[await ownerOf()] as RedisServer;
    await node.kill();
    const saves = { token: 'one', buildsOn: 1, position: 2, changes: changes({ b: 'B' }) };
    expect(await rejection(impatient.save(task, saves))).toMatchObject({ name: 'RedisStoreError' });
    await node.restart();
    const acquired = await untilAnswered(() => impatient.acquire(task, 'two'));
    expect(plain(acquired)).toMatchObject({ sequence: 1, entries: { 'entry 0': 'x' } });
    expect(await impatient.save(task, { ...saves, token: 'two' })).toEqual({ saved: true, sequence: 2 });
  });

  it('is served as the user that is documented', async () => {
    const user = settingsOf({ username: 'moola', password: 'secret' });
    for (const client of clients) await client.acl('SETUSER', 'moola', '>secret', ...aclRule(user).split(' '));
    const served = await suite.store(user);
    await served.acquire(task, 'one');
    expect(await served.owns(task, 'one')).toBe(true);
  });

  it('that has no replicas says so to who waits for them', async () => {
    const notices: RedisNotice[] = [];
    const waiting = await suite.store({ ...settings, replicasToWaitFor: 1, replicaTimeoutMs: 20 }, notices);
    await waiting.acquire(task, 'two');
    expect(await waiting.save(task, { token: 'two', buildsOn: 1, position: 2, changes: new Map() })).toEqual({
      saved: true,
      sequence: 2,
    });
    expect(notices).toEqual([expect.objectContaining({ kind: 'replicas-behind', task, reached: 0, wanted: 1 })]);
  });

  it('of which no node can be reached is named', async () => {
    const servers = { kind: 'cluster', nodes: ['127.0.0.1:1'] } as const;
    expect(await rejection(suite.store({ servers, connectTimeoutMs: 300 }))).toMatchObject({
      problem: 'unreachable',
      message: expect.stringContaining('127.0.0.1:1 (cluster)'),
    });
  });
});

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
