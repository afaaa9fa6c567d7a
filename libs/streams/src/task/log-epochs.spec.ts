import { describe, expect, it } from '@jest/globals';
import { decodeBatch } from '../processor/batch-codec.js';
import { readProgress, writeProgress } from './task-progress.js';
import type { Processor } from '../processor/processor.js';
import { textTopic } from '../adapters/simulated/text-topic.js';
import { adder, letters, totals, World } from '../adapters/simulated/world.js';

const task = 'moola.test/test/adder/0';
const seenTotals = textTopic('seen-totals');

/** Tells each row that it counts as new. */
const reader: Processor<string> = {
  name: 'test/reader',
  input: totals,
  outputs: [seenTotals],
  restore: () => ({
    apply: (row, emitter) => row.kind === 'data' && row.value !== 'half-way' && emitter.emit(seenTotals, 0, row.value),
    takeChanges: () => new Map(),
  }),
};

class ChainWorld extends World {
  constructor() {
    super();
    this.log.createTopic('moola.test.seen-totals.v1', 1);
  }

  async run(): Promise<void> {
    await this.start(adder);
    await this.start(reader);
    await this.simulation.run();
  }

  get counted(): string[] {
    const records = this.log.records({ topic: 'moola.test.seen-totals.v1', partition: 0 });
    return records.flatMap(({ value }) => decodeBatch(value, seenTotals.codec).data);
  }
}

describe('a topic that was made anew', () => {
  it('stops the task, which names the place and the command that helps', async () => {
    const world = new World();
    world.append('1');
    world.append('2');
    await world.start(adder);
    await world.simulation.run();
    world.kill();
    world.log.makeAnew(world.input.topic);
    for (const word of ['7', '8', '9']) world.append(word);
    await world.start(adder);
    await world.simulation.run();
    expect(world.failures).toHaveLength(1);
    const { message } = world.failures[0] as Error;
    expect(message).toContain(`${task} has read moola.test.words.v1/0 up to offset 1, but another record stands there`);
    expect(message).toContain(`moola tasks new-epoch ${task}`);
    expect(world.rows()).toHaveLength(2);
  });

  it('stops the task too when it is shorter than what was read', async () => {
    const world = new World();
    for (const word of ['1', '2', '3']) world.append(word);
    await world.start(adder);
    await world.simulation.run();
    world.kill();
    world.log.makeAnew(world.input.topic);
    world.append('1');
    await world.start(adder);
    await world.simulation.run();
    expect(world.failures).toHaveLength(1);
    expect((world.failures[0] as Error).message).toContain('up to offset 2, but the log ends before offset 1');
  });

  it('is read from its beginning in the next epoch, with the state that was; readers count its rows and see no gap', async () => {
    const world = new ChainWorld();
    world.append('1');
    world.append('2');
    await world.run();
    world.kill();
    world.log.makeAnew(world.input.topic);
    world.append('10');
    expect(await world.beginEpoch(task)).toMatchObject({ begun: true, epoch: 1 });
    await world.run();
    world.append('20');
    await world.simulation.run();
    expect(world.failures).toEqual([]);
    expect(world.counted.map((text) => text.split(' ')[0])).toEqual(['1', '3', '13', '33']);
    expect(world.notices).toEqual([]);
    expect(readProgress(world.store.get(task).entries)).toMatchObject({ epoch: 1, life: 1e12 });
    expect(world.counted.at(-1)).toContain('life 1000000000000');
  });

  it('is not needed for a new epoch: what the topic still holds is counted a second time then, and a running owner goes along', async () => {
    const world = new ChainWorld();
    world.append('1');
    await world.run();
    await world.beginEpoch(task);
    world.append('2');
    await world.simulation.run();
    expect(world.notices).toEqual([{ task, kind: 'fenced' }]);
    const last = world.counted.map((text) => text.split(' ')[0]);
    expect(last.slice(-2)).toEqual(['2', '4']);
    expect(readProgress(world.store.get(task).entries).epoch).toBe(1);
  });

  it('is not what a task finds that comes back to the topic it has read, checkpoint after checkpoint', async () => {
    const world = new World();
    await world.start(adder);
    for (const word of ['1', '2', '3']) {
      world.append(word);
      await world.simulation.run();
    }
    world.kill();
    world.append('4');
    await world.start(adder);
    await world.simulation.run();
    expect(world.failures).toEqual([]);
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(['1', '3', '6', '10']);
  });

  it('is no matter for a task whose last record retention has removed', async () => {
    const world = new World();
    world.append('1');
    world.append('2');
    await world.start(adder);
    await world.simulation.run();
    world.kill();
    world.log.truncate(world.input, 2);
    world.append('3');
    await world.start(adder);
    await world.simulation.run();
    expect(world.failures).toEqual([]);
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(['1', '3', '6']);
  });
});

describe('a new epoch', () => {
  it('forgets which rows of the old topic were poisoned', async () => {
    const world = new World();
    world.append('x');
    await world.start(adder);
    await world.simulation.run();
    expect(world.notices.map(({ kind }) => kind)).toEqual(['poison']);
    world.log.makeAnew(world.input.topic);
    await world.beginEpoch(task);
    // The owner still stands behind the old record: it is fenced when it saves the next one.
    world.append('5');
    world.append('6');
    await world.simulation.run();
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(expect.arrayContaining(['5', '11']));
    expect(world.rows(letters)).toEqual(['0.0 x is no number']);
  });

  it('of a task that the store does not know is the first', async () => {
    const world = new World();
    expect(await world.beginEpoch(task)).toEqual({ begun: true, epoch: 1, keptEntries: 0 });
    expect(await world.beginEpoch(task)).toEqual({ begun: true, epoch: 2, keptEntries: 1 });
  });
});

describe('the progress of a task', () => {
  it('is read in the format of before epochs too', () => {
    const bytes = new Uint8Array(41);
    bytes[0] = 1;
    const view = new DataView(bytes.buffer);
    [3, 1000, 900, 2, 5].forEach((number, index) => view.setFloat64(1 + 8 * index, number, true));
    expect(readProgress(new Map([['~task', bytes]]))).toEqual({
      ...{ life: 3, timeMs: 1000, tickMs: 900, row: 2, ordinal: 5 },
      ...{ epoch: 0, lastRecord: null },
    });
  });

  it('gives back what was saved', () => {
    const saved = {
      life: 1,
      timeMs: 2,
      tickMs: 3,
      row: 4,
      ordinal: 5,
      epoch: 6,
      lastRecord: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    };
    const entries = new Map<string, Uint8Array>();
    writeProgress(saved, entries);
    expect(readProgress(entries)).toEqual(saved);
    writeProgress({ ...saved, lastRecord: null }, entries);
    expect(readProgress(entries)).toEqual({ ...saved, lastRecord: null });
  });

  it('in a format that is not known is an error', () => {
    expect(() => readProgress(new Map([['~task', Uint8Array.of(9)]]))).toThrow('format 9');
  });
});
