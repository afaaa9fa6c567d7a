import { describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch, type ExternalRow } from './batch-codec.js';
import type { DeadLetters } from './dead-letters.js';
import { mergedByTick } from './merge-by-tick.js';
import { PoisonError, type Processor, type TaskState } from './processor.js';
import { noFaults } from './simulated/faults.js';
import { SimulatedLog } from './simulated/simulated-log.js';
import { SimulatedStore } from './simulated/simulated-store.js';
import { Simulation } from './simulated/simulation.js';
import { textTopic } from './simulated/text-topic.js';
import { startProcessor } from './start-processor.js';
import type { TaskNotice } from './task-observer.js';

const words = textTopic('words');
const totals = textTopic('totals');
const letters = textTopic('letters');

const deadLetters: DeadLetters<string> = {
  topic: letters,
  letter: ({ reason, offset, row }) => `${offset}.${row} ${reason}`,
};

/** Adds up numbers; throws half-way at words that are none, and stops at `stop`. */
const adder: Processor<string> = {
  name: 'test/adder',
  input: words,
  outputs: [totals],
  restore(entries, context): TaskState<string> {
    let total = Number(Buffer.from(entries.get('total') ?? []).toString() || 0);
    return {
      apply(row, emitter) {
        if (row.kind !== 'data') {
          emitter.passOn(totals, 'same');
          return;
        }
        if (row.value === 'stop') throw new TypeError('a mistake in the processor');
        total += 1000;
        emitter.emit(totals, 'same', 'half-way');
        if (Number.isNaN(Number(row.value))) throw new PoisonError(`${row.value} is no number`);
        total += Number(row.value) - 1000;
        emitter.emit(totals, 'same', `${total} (life ${context.life}, at ${row.tickMs})`);
      },
      takeChanges: () => new Map([['total', Buffer.from(`${total}`)]]),
    };
  },
};

class World {
  readonly simulation = new Simulation(1, noFaults);
  readonly log = new SimulatedLog(this.simulation);
  readonly store = new SimulatedStore(this.simulation);
  readonly notices: TaskNotice[] = [];
  readonly failures: unknown[] = [];
  readonly input = { topic: topicName('test', words), partition: 0 };

  constructor() {
    for (const topic of [words, totals, letters]) this.log.createTopic(topicName('test', topic), 1);
  }

  async start(processor: Processor<string>, time: 'wall' | 'replay' = 'replay'): Promise<void> {
    const process = this.simulation.addProcess('only');
    const tasks = await startProcessor({
      log: this.log.of(process),
      store: this.store.of(process),
      clock: this.simulation.clock(process),
      token: () => `token ${this.simulation.random.next()}`,
      processor,
      environment: 'test',
      time,
      deadLetters,
      notices: (notice) => this.notices.push(notice),
    });
    tasks.failed.catch((error: unknown) => this.failures.push(error));
  }

  append(...rows: (string | number)[]): void {
    const external = rows.map((row): ExternalRow<string> => {
      return typeof row === 'number' ? { kind: 'tick', tickMs: row } : { kind: 'data', value: row };
    });
    this.log.append(this.input, externalBatch(words, external));
  }

  /** Values of the last accepted row at each position, in order. */
  rows(topic = totals): string[] {
    const records = this.log.records({ topic: topicName('test', topic), partition: 0 });
    const rows = new Map<string, string>();
    for (const { value } of records) {
      const batch = decodeBatch(value, topic.codec);
      batch.data.forEach((text, index) => rows.set(`${batch.offsets[index]}.${batch.ordinals[index]}`, text));
    }
    return [...rows.values()].filter((text) => text !== 'half-way');
  }

  kill(): void {
    for (const process of this.simulation.alive) {
      this.simulation.kill(process);
      this.log.groups.died(process);
    }
  }
}

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
    const tasks = await startProcessor({
      log: skipping,
      store: world.store.of(process),
      clock: world.simulation.clock(process),
      token: () => 'token',
      processor: adder,
      environment: 'test',
      time: 'replay',
      deadLetters,
      notices: () => undefined,
    });
    await world.simulation.run();
    await expect(tasks.failed).rejects.toThrow(
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
