import { describe, expect, it } from '@jest/globals';
import { expectFormat } from '@moola/contracts/entry-format';
import { mergedByTick } from '../processor/merge-by-tick.js';
import { PoisonError, type Processor, type TaskState } from '../processor/processor.js';
import { adder, letters, totals, World } from '../adapters/simulated/world.js';
import { startProcessor } from './start-processor.js';
import type { SimulatedLog } from '../adapters/simulated/simulated-log.js';

describe('a poisoned row', () => {
  it('goes to the dead letters, and its neighbours in the record count once', async () => {
    const world = new World();
    world.append('1', '2', 'x', '3', 'y', 'z', '4');
    world.append('5', 'w');
    await world.start(adder);
    await world.simulation.run();
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(['1', '3', '6', '10', '15']);
    expect(world.rows(letters)).toEqual([
      '0.2 x is no number',
      '0.4 y is no number',
      '0.5 z is no number',
      '1.1 w is no number',
    ]);
  });

  it('that a merge held back goes there alone, and not the tick at which it came due', async () => {
    const world = new World();
    world.append('1', 'x', '2', 'y', 10, '3', 20);
    await world.start(mergedByTick(adder, { sources: [] }));
    await world.simulation.run();
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(['1', '3', '6']);
    expect(world.rows(letters)).toEqual(['0.4 x is no number', '0.4 y is no number']);
  });
});

describe('records without content', () => {
  /** Adds up what foreign producers write, a number a record. */
  const foreign: Processor<string> = {
    ...adder,
    foreign: ({ value }) => Buffer.from(value).toString() || 'a tombstone',
  };

  it('of foreign transactions only move the position on; a tombstone is refused', async () => {
    const world = new World();
    const write = (text: string) => world.log.append(world.input, [Buffer.from(text)]);
    write('1');
    for (let aborted = 0; aborted < 30; aborted++) {
      world.log.appendVoid(world.input);
      world.log.appendVoid(world.input);
    }
    write('');
    write('2');
    world.log.appendVoid(world.input);
    await world.start(foreign);
    await world.simulation.run();
    expect(world.rows()).toEqual(['1 (life 0, at 0)', '3 (life 0, at 0)']);
    expect(world.rows(letters)).toEqual(['61.0 a tombstone is no number']);
    expect(world.notices).toMatchObject([{ kind: 'poison', offset: 61 }]);
    expect(world.store.get('moola.test/test/adder/0').position).toBe(64);
    // A successor finds the void record before its position as it was, and no gap.
    world.kill();
    write('3');
    await world.start(foreign);
    await world.simulation.run();
    expect(world.rows().at(-1)).toBe('6 (life 0, at 0)');
    expect(world.failures).toEqual([]);
    expect(world.notices).toHaveLength(1);
  });
});

/** As another version writes its state: the format byte `F`, then the total. */
function adderOfFormat(format: number): Processor<string> {
  return {
    ...adder,
    restore(entries, context) {
      const bytes = entries.get('total');
      if (bytes !== undefined) expectFormat('total', bytes[0], format);
      const state = adder.restore(new Map(bytes && [['total', bytes.subarray(1)]]), context);
      const framed = (total: Uint8Array | null | undefined) => Buffer.concat([Buffer.of(format), total ?? Buffer.of()]);
      return {
        apply: (row, emitter) => state.apply(row, emitter),
        takeChanges: () => new Map([...state.takeChanges()].map(([key, total]) => [key, framed(total)])),
      };
    },
  };
}

describe('a state in a format that is not read any more', () => {
  const task = 'moola.test/test/adder/0';
  const reason = 'checkpoint entry total has format 1, which this version reads no more (it writes 2)';

  it('is computed again from the topic, in a new life, and said; its readers count every row once', async () => {
    const world = new World();
    for (const word of ['1', '2', '3']) world.append(word);
    await world.start(adderOfFormat(1));
    await world.simulation.run();
    world.kill();
    world.append('4');
    await world.start(adderOfFormat(2));
    await world.simulation.run();
    expect(world.failures).toEqual([]);
    expect(world.notices).toEqual([{ task, kind: 'state-rebuilt', reason, from: 0, until: 3 }]);
    expect(world.rows().at(-1)).toBe('10 (life 3, at 0)');
    world.kill();
    world.append('5');
    await world.start(adderOfFormat(2));
    await world.simulation.run();
    expect(world.notices).toHaveLength(1);
    expect(world.rows().at(-1)).toBe('15 (life 3, at 0)');
  });

  it('is computed from what the topic still holds', async () => {
    const world = new World();
    for (const word of ['1', '2', '3']) world.append(word);
    await world.start(adderOfFormat(1));
    await world.simulation.run();
    world.kill();
    world.log.truncate(world.input, 2);
    world.append('4');
    await world.start(adderOfFormat(2));
    await world.simulation.run();
    expect(world.notices).toEqual([{ task, kind: 'state-rebuilt', reason, from: 2, until: 3 }]);
    expect(world.rows().at(-1)).toBe('7 (life 3, at 0)');
  });

  it('is left alone when a newer version wrote it', async () => {
    const world = new World();
    world.append('1');
    await world.start(adderOfFormat(2));
    await world.simulation.run();
    world.kill();
    const before = world.store.get(task);
    await world.start(adderOfFormat(1));
    await world.simulation.run();
    expect(world.failures).toMatchObject([{ message: expect.stringContaining('run the version that wrote it') }]);
    expect([...world.store.get(task).entries]).toEqual([...before.entries]);
  });
});

/** Adds up numbers, and holds no more than 100. */
const bounded: Processor<string> = {
  ...adder,
  restore(entries): TaskState<string> {
    let total = Number(Buffer.from(entries.get('total') ?? []).toString() || 0);
    return {
      apply(row, emitter) {
        if (row.kind !== 'data') return;
        total += Number(row.value);
        for (const text of ['half-way', 'half-way', `${total}`]) emitter.emit(totals, 'same', text);
      },
      takeChanges() {
        if (total > 100) throw new PoisonError(`${total} is more than 100`);
        return new Map([['total', Buffer.from(`${total}`)]]);
      },
    };
  },
};

describe('a row that brings the state to what cannot be saved', () => {
  it('goes to the dead letters by itself; what follows it counts, at the places that it would have had', async () => {
    const world = new World();
    world.append('60', '30', '20', '5');
    world.append('1', '70', '2');
    await world.start(bounded);
    await world.simulation.run();
    expect(world.failures).toEqual([]);
    expect(world.rows(letters)).toEqual(['0.2 110 is more than 100', '1.1 166 is more than 100']);
    // What those two had given was published before it was known; nothing after them rests on it.
    expect(world.rows()).toEqual(['60', '90', '110', '95', '96', '186', '98']);
    world.kill();
    world.append('1');
    await world.start(bounded);
    await world.simulation.run();
    expect(world.rows().at(-1)).toBe('99');
  });

  it('does not hide a state that cannot be saved whichever row is left out', async () => {
    const world = new World();
    world.append('1', '2');
    let lives = 0;
    const restore = (): TaskState<string> => {
      lives++;
      let isTried = false;
      return {
        apply: () => void (isTried = lives > 1),
        takeChanges() {
          // Each row by itself seems right; all together are not.
          if (!isTried) throw new PoisonError('a mistake in the processor');
          isTried = false;
          return new Map();
        },
      };
    };
    await world.start({ ...bounded, restore });
    await world.simulation.run();
    expect([lives, world.failures]).toEqual([2, [new PoisonError('a mistake in the processor')]]);
    expect(world.rows(letters)).toEqual([]);
  });
});

describe('a task', () => {
  it('stops when its processor has a mistake', async () => {
    const world = new World();
    world.append('1', 'stop');
    await world.start(adder);
    await world.simulation.run();
    expect(world.failures).toEqual([new TypeError('a mistake in the processor')]);
    expect(world.rows()).toEqual([]);
  });

  it('begins a new life, and says which span is lost, when its input no longer reaches back', async () => {
    const world = new World();
    world.append('1');
    world.append('2');
    world.append('3');
    world.log.truncate(world.input, 2);
    await world.start(adder);
    await world.simulation.run();
    expect(world.rows()).toEqual(['3 (life 2, at 0)']);
    expect(world.notices).toEqual([
      { task: 'moola.test/test/adder/0', kind: 'span-lost', from: 0, to: 2, startsFromNothing: true },
    ]);
    world.kill();
    world.append('4');
    await world.start(adder);
    await world.simulation.run();
    expect(world.rows()[1]).toBe('7 (life 2, at 0)');
  });

  it('keeps its state over a gap, in a new life', async () => {
    const world = new World();
    world.append('1');
    await world.start(adder);
    await world.simulation.run();
    world.kill();
    world.append('2');
    world.append('3');
    world.log.truncate(world.input, 2);
    await world.start(adder);
    await world.simulation.run();
    expect(world.rows()).toEqual(['1 (life 0, at 0)', '4 (life 2, at 0)']);
    expect(world.notices).toEqual([
      { task: 'moola.test/test/adder/0', kind: 'span-lost', from: 1, to: 2, startsFromNothing: false },
    ]);
  });

  it('commits what it has saved, and says so when its store knows less; it computes the same again', async () => {
    const world = new World();
    for (const word of ['1', '2', '3']) world.append(word);
    await world.start(adder);
    await world.simulation.run();
    world.kill();
    world.store.flush();
    world.append('4');
    await world.start(adder);
    await world.simulation.run();
    expect(world.notices).toEqual([
      { task: 'moola.test/test/adder/0', kind: 'store-behind-commit', position: 0, committed: 3 },
    ]);
    expect(world.rows().map((text) => text.split(' ')[0])).toEqual(['1', '3', '6', '10']);
  });

  it('is behind until it has read what its log held at its assignment', async () => {
    const world = new World();
    for (const word of ['1', '2', '3']) world.append(word);
    const tasks = await world.start(adder);
    const seen: number[] = [];
    world.simulation.disturb = () => seen.push(tasks.behind()[0]?.records ?? 0);
    await world.simulation.run();
    expect(seen).toContain(3);
    expect(tasks.behind()).toEqual([]);
    world.append('4');
    expect(tasks.behind()).toEqual([]);
  });

  it('refuses a batch that does not begin where the last one ended', async () => {
    const world = new World();
    world.append('1');
    world.append('2');
    const process = world.simulation.addProcess('only');
    const log = world.log.of(process);
    const skipping = {
      ...bound(log),
      join: (group: string, topic: string, member: Parameters<typeof log.join>[2]) =>
        log.join(group, topic, {
          assigned: (at, assignment) => member.assigned(at, assignment),
          revoked: (at) => member.revoked(at),
          batch: (batch) => member.batch({ ...batch, records: world.log.records(world.input, 1) }),
        }),
    };
    const tasks = await startProcessor({ ...world.settings(process, adder, 'replay'), log: skipping });
    tasks.failed.catch((error: unknown) => world.failures.push(error));
    await world.simulation.run();
    expect(world.failures).toHaveLength(1);
    expect((world.failures[0] as Error).message).toContain(
      'moola.test/test/adder/0 expected offset 0 of moola.test.words.v1/0, but was given 1',
    );
  });

  it('lets time go only forward, and in a live environment not far ahead of the log', async () => {
    const world = new World();
    world.append(100, '1', 50, '2', 9_999_999, '3', 200, '4');
    await world.start(adder, 'wall');
    await world.simulation.run();
    expect(world.rows().map((text) => text.replace(/.*at /, ''))).toEqual(['100)', '100)', '100)', '200)']);
  });
});

/** The methods of a log, as a plain object. */
function bound(log: ReturnType<SimulatedLog['of']>): ReturnType<SimulatedLog['of']> {
  return {
    createTopics: (topics) => log.createTopics(topics),
    partitionCount: (topic) => log.partitionCount(topic),
    bounds: (at) => log.bounds(at),
    append: (at, values) => log.append(at, values),
    flushed: () => log.flushed(),
    read: (at, from, maxBytes) => log.read(at, from, maxBytes),
    waitFor: (at, offset, signal) => log.waitFor(at, offset, signal),
    join: (group, topic, member) => log.join(group, topic, member),
    close: () => log.close(),
  };
}
