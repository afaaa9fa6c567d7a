import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import type { RedisConnection } from './connection.js';
import { openConnection } from './open-redis-store.js';
import { scriptEntries } from './overlay.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, plain, settingsFor } from './redis-under-test.js';
import { effectiveSettings, type RedisSettings } from './settings.js';
import { taskKeys, type TaskKeys } from './task-keys.js';
import { watched, type AroundCalls } from './watched-connection.js';

const old = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`entry ${n}`, `old ${n}`]));
/** Too many for one script: some new, some changed, some deleted. */
const large: Readonly<Record<string, string | null>> = {
  ...Object.fromEntries(Array.from({ length: scriptEntries }, (_, n) => [`entry ${n + 150}`, `new ${n}`])),
  ...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`entry ${n}`, null])),
};
const oldState = { sequence: 1, position: 10, entries: old };
const newState = {
  sequence: 2,
  position: 20,
  entries: Object.fromEntries(Object.entries({ ...old, ...large }).filter(([, value]) => value !== null)),
};

describe('a checkpoint too large for one script', () => {
  const opened = new Opened();
  let server: RedisServer;
  let settings: RedisSettings;
  let connection: RedisConnection;
  let store: RedisCheckpointStore;
  let client: Redis;
  let task: string;
  let keys: TaskKeys;
  const storeOn = (around: AroundCalls) =>
    new RedisCheckpointStore(watched(connection, 'script', around), effectiveSettings(settings), () => undefined);
  const saveLarge = (by: RedisCheckpointStore) =>
    by.save(task, { token: 'one', buildsOn: 1, position: 20, changes: changes(large) });
  const begin = async () => {
    task = `moola.test/${randomUUID()}/0`;
    keys = taskKeys(effectiveSettings(settings).keyPrefix, task);
    await store.acquire(task, 'one');
    await store.save(task, { token: 'one', buildsOn: 0, position: 10, changes: changes(old) });
  };

  /** Calls of such a save: one to begin, then chunks, then one to flip, then the folding. */
  let steps: number;
  const flipStep = 4;

  beforeAll(async () => {
    server = await startRedis();
    opened.closedBy(() => server.stop());
    settings = settingsFor(server.url);
    connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    store = new RedisCheckpointStore(connection, effectiveSettings(settings), () => undefined);
    client = opened.client(server.url);
    await begin();
    const before = store.roundTrips;
    await saveLarge(store);
    steps = store.roundTrips - before;
  });
  afterAll(() => opened.close());
  beforeEach(() => begin());

  it('is written in several steps, and then lies among the entries', async () => {
    expect(steps).toBeGreaterThan(flipStep + 4);
    expect(await saveLarge(store)).toEqual({ saved: true, sequence: 2 });
    expect(await client.exists(keys.overlay)).toBe(0);
    expect(await client.hkeys(keys.head)).toEqual(expect.not.arrayContaining(['overlay', 'staging']));
    expect(plain(await store.acquire(task, 'two'))).toEqual(newState);
  });

  it('is the old or the new one, whole, wherever its owner dies', async () => {
    for (let step = 1; step <= steps; step++) {
      for (const moment of ['before', 'after'] as const) {
        await begin();
        let isDead = false;
        const dying = storeOn({
          before: (call) => {
            if (isDead || (moment === 'before' && call === step)) throw death();
          },
          after: (call) => {
            isDead ||= call === step;
            if (isDead) throw death();
          },
        });
        const death = () => {
          isDead = true;
          return new Error('the owner died');
        };
        const isFlipped = moment === 'before' ? step > flipStep : step >= flipStep;
        await saveLarge(dying).catch(() => undefined);
        expect([step, moment, plain(await store.acquire(task, 'two'))]).toEqual([
          step,
          moment,
          isFlipped ? newState : oldState,
        ]);
        expect(await client.exists(keys.overlay)).toBe(0);
      }
    }
  });

  it('is the old or the new one when Redis is killed under it', async () => {
    for (const step of [1, 2, 3, 4, 5, 9]) {
      await begin();
      const killed = storeOn({
        after: async (call) => {
          if (call !== step) return;
          await server.kill();
          await server.restart();
        },
      });
      // It goes on: its connection came back, and nobody else has taken the task.
      expect(await saveLarge(killed)).toEqual({ saved: true, sequence: 2 });
      expect(plain(await store.acquire(task, 'two'))).toEqual(newState);
    }
  });

  it('does not go on when another owner took the task at any step, and leaves no trace in what that one saves', async () => {
    for (let step = 1; step <= flipStep + 2; step++) {
      await begin();
      let taken: unknown = null;
      const overtaken = storeOn({
        after: async (call) => {
          if (call !== step) return;
          taken = plain(await store.acquire(task, 'two'));
          const { sequence } = taken as typeof oldState;
          const mine = changes({ mine: `after ${step}` });
          await store.save(task, { token: 'two', buildsOn: sequence, position: 99, changes: mine });
        },
      });
      const isFlipped = step >= flipStep;
      expect((await saveLarge(overtaken)).saved).toBe(isFlipped);
      expect(taken).toEqual(isFlipped ? newState : oldState);
      expect(await client.exists(keys.overlay)).toBe(0);
      const { sequence, entries } = isFlipped ? newState : oldState;
      const state = { sequence: sequence + 1, position: 99, entries: { ...entries, mine: `after ${step}` } };
      expect([step, plain(await store.acquire(task, 'three'))]).toEqual([step, state]);
    }
  });

  it('is folded on by a successor, and by the successor of one that died while it folded', async () => {
    const dying = (call: number, at: number) => {
      if (call > at) throw new Error('the owner died');
    };
    await saveLarge(storeOn({ before: (call) => dying(call, flipStep + 2) }));
    expect(await client.exists(keys.overlay)).toBe(1);
    const half = storeOn({ before: (call) => dying(call, 4) });
    await expect(half.acquire(task, 'two')).rejects.toThrow('the owner died');
    expect(await client.exists(keys.overlay)).toBe(1);
    expect(plain(await store.acquire(task, 'three'))).toEqual(newState);
    expect(await client.exists(keys.overlay)).toBe(0);
  });

  it('is folded by the next save when that was given up before', async () => {
    await saveLarge(
      storeOn({
        before: (call) => {
          if (call > flipStep + 1) throw new Error('no answer');
        },
      }),
    );
    expect(await client.exists(keys.overlay)).toBe(1);
    // One that was not folded yet: what lies in the overlay must not come over it later.
    const left = (await client.hkeys(keys.overlay)).find((key) => large[key] !== null) as string;
    const next = { token: 'one', buildsOn: 2, position: 30, changes: changes({ [left]: 'newest' }) };
    expect(await store.save(task, next)).toEqual({ saved: true, sequence: 3 });
    expect(plain(await store.acquire(task, 'two'))).toEqual({
      sequence: 3,
      position: 30,
      entries: { ...newState.entries, [left]: 'newest' },
    });
  });

  it('is not taken for whole when a part of what was staged is gone', async () => {
    const robbed = storeOn({
      before: async (call) => {
        if (call === flipStep) await client.hdel(keys.overlay, 'entry 500');
      },
    });
    await expect(saveLarge(robbed)).rejects.toThrow('nothing was saved');
    expect(plain(await store.acquire(task, 'two'))).toEqual(oldState);
  });

  it('of two attempts at once is one’s, and nothing of the other is in it', async () => {
    const other = { ...large, 'entry 200': 'of the other', more: 'of the other' };
    const results = await Promise.all([
      saveLarge(store),
      store.save(task, { token: 'one', buildsOn: 1, position: 20, changes: changes(other) }),
    ]);
    expect(results.filter(({ saved }) => saved)).toHaveLength(1);
    const entries = results[0].saved
      ? newState.entries
      : { ...newState.entries, 'entry 200': 'of the other', more: 'of the other' };
    expect(plain(await store.acquire(task, 'two'))).toEqual({ ...newState, entries });
  });
});
