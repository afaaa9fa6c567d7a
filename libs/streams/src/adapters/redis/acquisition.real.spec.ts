import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sharedRedis } from '@moola/testbed/shared';
import { openConnection } from './open-redis-store.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, plain, rejection, settingsFor } from './redis-under-test.js';
import { effectiveSettings } from './settings.js';
import { watched } from './watched-connection.js';

describe('an acquisition', () => {
  let opened: Opened;
  let store: RedisCheckpointStore;
  /** Something happens once the token is written, before what is loaded is compared. */
  let interrupted: (happens: (attempt: number) => Promise<unknown>) => RedisCheckpointStore;
  const save = (token: string, buildsOn: number) =>
    store.save('task', { token, buildsOn, position: buildsOn + 1, changes: changes({ [`${buildsOn}`]: token }) });

  beforeEach(async () => {
    opened = new Opened();
    const settings = settingsFor(await sharedRedis());
    store = await opened.store(settings);
    const connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    interrupted = (happens) => {
      const after = async (call: number) => void (await happens(call));
      return new RedisCheckpointStore(
        watched(connection, 'script', { after }),
        effectiveSettings(settings),
        () => undefined,
      );
    };
    await store.acquire('task', 'before');
    await save('before', 0);
  });
  afterEach(() => opened.close());

  it('starts over when another acquires meanwhile, and is the owner when it is through', async () => {
    const acquiring = interrupted(async (attempt) => attempt === 1 && store.acquire('task', 'other'));
    expect(plain(await acquiring.acquire('task', 'one'))).toMatchObject({ sequence: 1 });
    expect(await store.owns('task', 'one')).toBe(true);
    expect(await save('other', 1)).toEqual({ saved: false, reason: 'fenced' });
  });

  it('starts over when its own token saves meanwhile: a save whose answer was given up', async () => {
    const acquiring = interrupted(async (attempt) => attempt === 1 && save('one', 1));
    expect(plain(await acquiring.acquire('task', 'one'))).toEqual({
      sequence: 2,
      position: 2,
      entries: { 0: 'before', 1: 'one' },
    });
  });

  it('gives up when that goes on and on', async () => {
    const acquiring = interrupted((attempt) => store.acquire('task', `other ${attempt}`));
    expect(await rejection(acquiring.acquire('task', 'one'))).toMatchObject({
      problem: 'contended',
      message: expect.stringContaining('changed hands 20 times'),
    });
  });
});
