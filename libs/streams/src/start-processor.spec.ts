import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { randomUUID } from 'node:crypto';
import { decodeBatch, externalBatch } from './batch-codec.js';
import { openEmbedded, type Embedded } from './embedded/open-embedded.js';
import { temporaryFolder } from './embedded/temporary-folder.js';
import type { EnvironmentTime } from './environment-time.js';
import { eventually } from './eventually.js';
import type { Processor } from './processor.js';
import { deadLetters, letters } from './simulated/world.js';
import { counter, counts, words } from './simulated/synthetic.js';
import { startProcessor, type RunningTasks } from './start-processor.js';
import { systemClock } from './system-clock.js';

const at = (topic: { readonly name: string }) => ({ topic: topicName('live', topic), partition: 0 });

describe('the owner of a partition where time enters', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: Embedded;
  beforeEach(async () => {
    folder = await temporaryFolder();
    data = await openEmbedded({ folder: folder.path });
    const kept = { partitions: 1, retentionMs: null, retentionBytes: null };
    await data.log.createTopics([words, counts, letters].map((topic) => ({ ...kept, name: at(topic).topic })));
  });
  afterEach(async () => {
    await data.close();
    await folder.remove();
  });

  const start = (processor: Processor<string>, time: EnvironmentTime): Promise<RunningTasks> =>
    startProcessor({
      ...{ log: data.log, store: data.store, clock: systemClock, token: () => randomUUID(), environment: 'live', time },
      ...{ processor, deadLetters, notices: () => undefined, tickMs: 10 },
    });
  const ticks = async (): Promise<number[]> => {
    const { records } = await data.log.read(at(words), 0, Infinity);
    return records.flatMap(({ value }) => [...decodeBatch(value, words.codec).ticks].filter(Boolean));
  };
  const say = (word: string) => data.log.append(at(words), externalBatch(words, [{ kind: 'data', value: word }]));

  it('writes the time while it owns it, and the time only goes forward', async () => {
    const tasks = await start({ ...counter, timekeeper: 'input' }, 'wall');
    for (let word = 0; word < 5; word++) {
      const before = (await ticks()).length;
      await say('a');
      await eventually('the time is written', async () => (await ticks()).length > before);
    }
    await tasks.close();
    const written = await ticks();
    expect(written).toEqual([...new Set(written)].sort((a, b) => a - b));
    const { next } = await data.log.bounds(at(words));
    await say('b');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await data.log.bounds(at(words))).toMatchObject({ next: next + 1 });
  });

  it.each<[string, Processor<string>, EnvironmentTime]>([
    ['in a replay, whose time its replayer writes', { ...counter, timekeeper: 'input' }, 'replay'],
    ['for a processor that gets it passed on', counter, 'wall'],
  ])('writes none %s', async (_where, processor, time) => {
    const tasks = await start(processor, time);
    await say('a');
    await eventually('the word is counted', async () => (await data.log.bounds(at(counts))).next > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await tasks.close();
    expect(await ticks()).toEqual([]);
  });
});
