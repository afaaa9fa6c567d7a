import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import { eventually } from '../../testing/eventually.js';
import type { RedisNotice } from './notices.js';
import { changes, Opened, plain, rejection } from './redis-under-test.js';
import type { RedisSettings } from './settings.js';

describe('a Redis behind sentinels', () => {
  const opened = new Opened();
  let master: RedisServer;
  let replica: RedisServer;
  let settings: RedisSettings;

  beforeAll(async () => {
    master = await startRedis();
    opened.closedBy(() => master.stop());
    replica = await startRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
    opened.closedBy(() => replica.stop());
    const sentinel = await startRedis({
      role: 'sentinel',
      config: [
        `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds mymaster 500',
        'sentinel failover-timeout mymaster 3000',
      ],
    });
    opened.closedBy(() => sentinel.stop());
    settings = {
      servers: { kind: 'sentinel', nodes: [`127.0.0.1:${sentinel.port}`], masterName: 'mymaster' },
      replicasToWaitFor: 1,
      replicaTimeoutMs: 3000,
      commandTimeoutMs: 5000,
    };
    const admin = opened.client(sentinel.url);
    await eventually('the sentinel knows the replica', async () => {
      const replicas = (await admin.call('SENTINEL', 'REPLICAS', 'mymaster')) as string[][];
      return replicas.some((fields) => fields.includes('ok') && fields.includes(String(replica.port)));
    });
  });
  afterAll(() => opened.close());

  it('is found, waits for its replica when told, and goes on at the new master after a failover', async () => {
    const notices: RedisNotice[] = [];
    const store = await opened.store(settings, notices);
    await store.acquire('task', 'one');
    const save = (buildsOn: number) =>
      store.save('task', { token: 'one', buildsOn, position: buildsOn, changes: changes({ [`${buildsOn}`]: 'x' }) });
    expect(await save(0)).toEqual({ saved: true, sequence: 1 });
    expect(await save(1)).toEqual({ saved: true, sequence: 2 });
    expect(notices.filter(({ kind }) => kind === 'replicas-behind')).toEqual([]);
    const before = { sequence: 2, position: 1, entries: { 0: 'x', 1: 'x' } };
    expect(
      plain(await (await opened.store({ servers: { kind: 'single', url: master.url } })).acquire('task', 'one')),
    ).toEqual(before);
    await master.kill();
    await eventually('the replica is the master', () => store.owns('task', 'one').catch(() => false));
    expect(plain(await store.acquire('task', 'one'))).toEqual(before);
    expect(await save(2)).toEqual({ saved: true, sequence: 3 });
    expect(notices.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['connection-lost', 'connection-back', 'replicas-behind']),
    );
  });

  it('whose sentinels do not know the master’s name is named', async () => {
    const { servers } = settings;
    const unknown = {
      ...settings,
      servers: { ...servers, masterName: 'nobody' },
      connectTimeoutMs: 500,
    } as RedisSettings;
    expect(await rejection(opened.store(unknown))).toMatchObject({
      problem: 'unreachable',
      message: expect.stringContaining('(sentinels of nobody)'),
    });
  });
});
