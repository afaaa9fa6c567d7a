import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { randomUUID } from 'node:crypto';
import { decodeBatch, externalBatch } from '../processor/batch-codec.js';
import type { Clock } from '../ports/clock.js';
import { openEmbedded, type Embedded } from '../adapters/embedded/open-embedded.js';
import { temporaryFolder } from '../adapters/embedded/temporary-folder.js';
import type { EnvironmentTime } from './environment-time.js';
import { eventually } from '../testing/eventually.js';
import type { Processor } from '../processor/processor.js';
import { deadLetters, letters } from '../adapters/simulated/world.js';
import { counter, counts, words } from '../adapters/simulated/synthetic.js';
import { startProcessor, type RunningTasks } from './start-processor.js';
import { systemClock } from '../adapters/system-clock.js';

/** Timers that are neither run nor cancelled. */
const waiting = new Set<object>();

const clock: Clock = {
  nowMs: () => systemClock.nowMs(),
  after(delayMs, run) {
    const timer = {};
    waiting.add(timer);
    const cancel = systemClock.after(delayMs, () => {
      waiting.delete(timer);
      run();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  },
};

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
      ...{ log: data.log, store: data.store, clock, token: () => randomUUID(), environment: 'live', time },
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
    // Nothing is left that could write another one.
    expect(waiting.size).toBe(0);
  });

  it.each<[string, Processor<string>, EnvironmentTime]>([
    ['in a replay, whose time its replayer writes', { ...counter, timekeeper: 'input' }, 'replay'],
    ['for a processor that gets it passed on', counter, 'wall'],
  ])('writes none %s', async (_where, processor, time) => {
    const tasks = await start(processor, time);
    await say('a');
    await eventually('the word is counted', async () => (await data.log.bounds(at(counts))).next > 0);
    // Longer than between two ticks; a tick that comes later would be missed here, and never taken for one.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await tasks.close();
    expect(await ticks()).toEqual([]);
  });
});

describe('a task that recomputes for long', () => {
  it('lets the process see to other things between its records', async () => {
    const folder = await temporaryFolder();
    const data = await openEmbedded({ folder: folder.path });
    const kept = { partitions: 1, retentionMs: null, retentionBytes: null };
    await data.log.createTopics([words, counts, letters].map((topic) => ({ ...kept, name: at(topic).topic })));
    let applied = 0;
    const slow: Processor<string> = {
      ...counter,
      restore(entries, context) {
        const state = counter.restore(entries, context);
        return {
          takeChanges: () => state.takeChanges(),
          apply(row, emitter) {
            const until = performance.now() + 5;
            while (performance.now() < until);
            applied++;
            state.apply(row, emitter);
          },
        };
      },
    };
    const records = Array.from({ length: 100 }, () => externalBatch(words, [{ kind: 'data', value: 'a' }])).flat();
    await data.log.append(at(words), records);
    /** How far it was at each turn of the event loop. */
    const seen: number[] = [];
    const watch = setInterval(() => seen.push(applied), 1);
    const tasks = await startProcessor({
      ...{ log: data.log, store: data.store, clock: systemClock, token: () => randomUUID(), environment: 'live' },
      ...{ processor: slow, time: 'replay', deadLetters, notices: () => undefined },
    });
    await eventually('all are counted', () => applied === 100);
    clearInterval(watch);
    await tasks.close();
    await data.close();
    await folder.remove();
    const steps = seen.map((count, turn) => count - (seen[turn - 1] ?? 0));
    expect(seen.filter((count) => count > 0 && count < 100).length).toBeGreaterThan(3);
    // 50 ms of 5 ms each, and the one in hand.
    expect(Math.max(...steps)).toBeLessThanOrEqual(12);
  });
});
