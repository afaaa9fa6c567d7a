import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../simulated/random.js';
import type { RedisConnection } from './connection.js';
import { openConnection } from './open-redis-store.js';
import { scriptEntries } from './overlay.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { changes, Opened, settingsFor } from './redis-under-test.js';
import { idEntry, SaveOracle, type Attempt } from './save-oracle.js';
import { effectiveSettings, type RedisSettings } from './settings.js';
import { watched } from './watched-connection.js';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const faults = Number(process.env.FAULTS ?? 12);
const task = 'moola.test/two-owners/0';

describe(`two owners of one task, who die and are stopped, on a Redis that is killed and set back (SEED=${seed})`, () => {
  const opened = new Opened();
  const random = new Random(seed);
  const oracle = new SaveOracle();
  let server: RedisServer;
  let settings: RedisSettings;
  let isOver = false;
  let lives = 0;

  beforeAll(async () => {
    server = await startRedis();
    opened.closedBy(() => server.stop());
    settings = settingsFor(server.url, { commandTimeoutMs: 400, connectTimeoutMs: 20_000 });
  });
  afterAll(() => opened.close());

  it('never show a save of the loser, and lose nothing that was acknowledged but what was set back', async () => {
    await Promise.all([owner('a'), owner('b'), disturb()]);
    const connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    oracle.acquired(await storeOn(connection).acquire(task, 'the end'));
    expect(oracle.violations).toEqual([]);
    expect(oracle.acknowledged).toBeGreaterThan(5 * faults);
    expect(oracle.fenced).toBeGreaterThan(0);
  });

  function storeOn(connection: RedisConnection): RedisCheckpointStore {
    return new RedisCheckpointStore(connection, effectiveSettings(settings), () => undefined);
  }

  async function owner(name: string): Promise<void> {
    const connection = await openConnection(settings, () => undefined);
    opened.closedBy(() => connection.close());
    while (!isOver) {
      // What is lost on the way ends a life, as in a task: memory is dropped, and the task acquired again.
      await life(`${name}${++lives}`, mortal(connection)).catch(() => undefined);
      await setTimeout(random.below(40));
    }
  }

  async function life(token: string, connection: RedisConnection): Promise<void> {
    const store = storeOn(connection);
    let state = oracle.acquired(await store.acquire(task, token));
    for (let n = 0; !isOver && n < 30; n++) {
      const { attempt, values } = nextSave(`${token}.${n}`, state);
      const save = { token, buildsOn: attempt.sequence - 1, position: attempt.position, changes: changes(values) };
      const result = await store.save(task, save);
      oracle.answered(attempt, result);
      if (!result.saved) return;
      state = attempt;
      if (random.chance(0.3)) await setTimeout(random.below(5));
    }
  }

  function nextSave(id: string, parent: Attempt | null): { attempt: Attempt; values: Record<string, string | null> } {
    const values: Record<string, string | null> = { [idEntry]: id };
    for (let n = random.below(10); n > 0; n--) values[`entry ${random.below(40)}`] = random.chance(0.3) ? null : id;
    if (random.chance(0.04))
      for (let n = 0; n <= scriptEntries; n++) values[`of many ${n}`] = random.chance(0.5) ? id : null;
    return { attempt: oracle.tries(parent, random.below(1e9), new Map(Object.entries(values))), values };
  }

  /** Its owner may die at any call, or sleep before one: others take the task meanwhile. */
  function mortal(connection: RedisConnection): RedisConnection {
    let isDead = false;
    const die = () => {
      isDead ||= random.chance(0.01);
      if (isDead) throw new Error('the owner is dead');
    };
    return watched(connection, 'run', {
      before: async () => {
        die();
        if (random.chance(0.01)) await setTimeout(random.below(200));
      },
      after: die,
    });
  }

  async function disturb(): Promise<void> {
    for (let fault = 0; fault < faults; fault++) {
      await setTimeout(100 + random.below(200));
      if (random.chance(0.4)) {
        server.pause();
        await setTimeout(random.below(800));
        server.resume();
      } else if (random.chance(0.5)) {
        await server.kill();
        await server.restart();
      } else {
        const setBack = oracle.snapshot();
        const snapshot = server.snapshot();
        await setTimeout(random.below(200));
        await server.kill();
        // Answers from before are read before it serves again.
        await setTimeout(20);
        setBack();
        await server.restoreSnapshot(snapshot);
      }
    }
    isOver = true;
  }
});
