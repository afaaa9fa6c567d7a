import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { randomUUID } from 'node:crypto';
import { decodeBatch, externalBatch } from '../processor/batch-codec.js';
import type { CheckpointStore } from '../ports/checkpoint-store.js';
import type { Clock } from '../ports/clock.js';
import { openEmbedded, type Embedded } from '../adapters/embedded/open-embedded.js';
import { temporaryFolder } from '../adapters/embedded/temporary-folder.js';
import { eventually } from '../testing/eventually.js';
import { counter, counts, words } from '../adapters/simulated/synthetic.js';
import { textTopic } from '../adapters/simulated/text-topic.js';
import { deadLetters, letters } from '../adapters/simulated/world.js';
import { startEffect } from '../effects/start-effect.js';
import { startProcessor } from './start-processor.js';
import { systemClock } from '../adapters/system-clock.js';

const results = textTopic('results');

/** What a Redis says whose password is being changed. */
class Refused extends Error {
  readonly isTemporary = true;
}

/** Waits pass fifty times as fast. */
const hasty: Clock = {
  nowMs: () => systemClock.nowMs(),
  after: (delayMs, run) => systemClock.after(delayMs / 50, run),
};

const at = (topic: { readonly name: string }) => ({ topic: topicName('live', topic), partition: 0 });

describe('a store that is away for a while', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: Embedded;
  /** How often the store was asked since it went. */
  let refused = 0;
  let isAway = false;
  let store: CheckpointStore;
  beforeEach(async () => {
    folder = await temporaryFolder();
    data = await openEmbedded({ folder: folder.path });
    const kept = { partitions: 1, retentionMs: null, retentionBytes: null };
    const topics = [words, counts, letters, results];
    await data.log.createTopics(topics.map((topic) => ({ ...kept, name: at(topic).topic })));
    refused = 0;
    isAway = false;
    const reached = <T>(ask: () => Promise<T>): Promise<T> => {
      if (!isAway) return ask();
      refused++;
      return Promise.reject(new Refused('WRONGPASS: check user name and password'));
    };
    store = {
      acquire: (task, token) => reached(() => data.store.acquire(task, token)),
      save: (task, save) => reached(() => data.store.save(task, save)),
      owns: (task, token) => reached(() => data.store.owns(task, token)),
      close: async () => undefined,
    };
  });
  afterEach(async () => {
    await data.close();
    await folder.remove();
  });

  const parts = () => ({
    ...{ log: data.log, store, clock: hasty, token: () => randomUUID(), environment: 'live' },
    notices: () => undefined,
  });
  const say = (word: string) => data.log.append(at(words), externalBatch(words, [{ kind: 'data', value: word }]));
  const rowsOf = async (topic: typeof words) => {
    const { records } = await data.log.read(at(topic), 0, Infinity);
    return records.flatMap(({ value }) => decodeBatch(value, topic.codec).data);
  };

  it('is waited for by a processor, which says for what it waits and counts on', async () => {
    const tasks = await startProcessor({ ...parts(), processor: counter, time: 'replay', deadLetters });
    const failed: unknown[] = [];
    tasks.failed.catch((error: unknown) => failed.push(error));
    await say('hear');
    await eventually('it is counted', async () => (await rowsOf(counts)).length === 1);
    isAway = true;
    await say('hear');
    // More often than it asks a store of which it does not know that it will be back.
    await eventually('it asks again and again', () => refused > 12);
    expect(tasks.standings()).toMatchObject([{ waiting: 'WRONGPASS: check user name and password', position: null }]);
    isAway = false;
    await eventually('it works again', () => tasks.standings()[0]?.waiting === null);
    await say('hear');
    await eventually('all is counted once', async () => new Set(await rowsOf(counts)).size === 3);
    await eventually('all is saved', () => tasks.standings()[0]?.unsavedSinceMs === null);
    expect(tasks.standings()).toMatchObject([{ position: 3, waiting: null, input: at(words) }]);
    expect(failed).toEqual([]);
    await tasks.close();
  });

  it('is waited for by an effect before it touches the world, and it touches it once', async () => {
    let performed = 0;
    const tasks = await startEffect({
      ...parts(),
      ...{ name: 'test/act', topic: words, key: (word: string) => word },
      async perform(intent, { stillOwner }) {
        if (!(await stillOwner())) return 'not-owner';
        performed++;
        return [{ topic: results, partition: 0, value: intent }];
      },
    });
    const failed: unknown[] = [];
    tasks.failed.catch((error: unknown) => failed.push(error));
    await eventually('it owns its task', () => tasks.standings().length === 1);
    isAway = true;
    await say('ring');
    await eventually('it asks again and again', () => refused > 3);
    expect([performed, tasks.standings()[0]?.waiting]).toEqual([0, 'WRONGPASS: check user name and password']);
    isAway = false;
    await eventually('the result is there', async () => (await rowsOf(results)).length > 0);
    expect([performed, failed]).toEqual([1, []]);
    await tasks.close();
  });

  it('is not waited for by a group that is being left', async () => {
    isAway = true;
    const tasks = await startProcessor({ ...parts(), processor: counter, time: 'replay', deadLetters });
    tasks.failed.catch(() => undefined);
    await eventually('it waits', () => refused > 1);
    await tasks.close();
  });
});
