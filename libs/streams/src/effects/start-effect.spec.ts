import { describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { encodeBatches, lastPosition, RowColumns } from '../processor/batch-codec.js';
import { EffectProgress, type PendingIntent } from './effect-progress.js';
import { jsonEntry, KeyedState } from '../processor/keyed-state.js';
import type { Processor } from '../processor/processor.js';
import { accepted, scheduleDeadLetters } from '../adapters/simulated/canonical.js';
import { noCounts, noFaults, addCounts, type FaultMix } from '../adapters/simulated/faults.js';
import { SimulatedLog } from '../adapters/simulated/simulated-log.js';
import { SimulatedStore } from '../adapters/simulated/simulated-store.js';
import { Simulation, type Process } from '../adapters/simulated/simulation.js';
import { textTopic } from '../adapters/simulated/text-topic.js';
import type { SourcePosition } from '../processor/source-position.js';
import { startEffect } from './start-effect.js';
import type { TaskNotice } from '../task/task-observer.js';
import { readProgress } from '../task/task-progress.js';
import { startProcessor } from '../task/start-processor.js';

const intents = textTopic('intents');
const results = textTopic('results');
const counted = textTopic('counted');
const intentCount = 24;

/** Counts each result once: by its intent, since results have no position. */
const counter: Processor<string> = {
  name: 'test/results',
  input: results,
  outputs: [counted],
  restore(entries) {
    const seen = new KeyedState<number>('result/', jsonEntry<number>(1), entries);
    return {
      apply(row, emitter) {
        if (row.kind !== 'data' || seen.has(row.value)) return;
        seen.set(row.value, 1);
        emitter.emit(counted, 0, row.value);
      },
      takeChanges() {
        const changes = new Map<string, Uint8Array | null>();
        seen.takeChanges(changes);
        return changes;
      },
    };
  },
};

/** What the outside has seen. */
class Outside {
  /** How often each intent was carried out. */
  readonly calls = new Map<string, number>();
  /** In which order they were begun. */
  readonly order: string[] = [];
}

class EffectWorld {
  readonly simulation: Simulation;
  readonly log: SimulatedLog;
  readonly outside = new Outside();
  private readonly store: SimulatedStore;
  private started = 0;
  private appended = 0;
  private lives = 0;

  constructor(seed: number, faults: FaultMix) {
    this.simulation = new Simulation(seed, faults);
    this.log = new SimulatedLog(this.simulation);
    this.store = new SimulatedStore(this.simulation);
    for (const topic of [intents, results, counted, scheduleDeadLetters.topic]) {
      this.log.createTopic(topicName('test', topic), 1);
    }
  }

  /** How many owners the intents' partition has had. */
  get owners(): number {
    return this.lives;
  }

  async run(processes: number): Promise<string[]> {
    const { simulation } = this;
    for (let i = 0; i < processes; i++) this.start();
    simulation.faultsAllowed = () => this.appended > 0 && this.appended < intentCount * 0.7;
    simulation.disturb = () => {
      const { faults, counts } = simulation;
      if (simulation.fault(faults.crash)) this.crash();
      if (simulation.fault(faults.zombie) && this.log.groups.makeZombie()) counts.zombies++;
      if (simulation.fault(faults.rebalance) && this.log.groups.rebalance()) counts.rebalances++;
    };
    this.offer();
    await simulation.run();
    const records = this.log.records({ topic: topicName('test', counted), partition: 0 });
    const lines = accepted('counted', records, counted.codec).rows.get('test/results/0') ?? [];
    return lines.map((line) => JSON.parse(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()) as string);
  }

  private start(): void {
    const { simulation } = this;
    const process = simulation.addProcess(`process ${++this.started}`);
    const parts = {
      log: this.log.of(process),
      store: this.store.of(process),
      clock: simulation.clock(process),
      token: () => `token ${++this.lives}`,
      environment: 'test',
      notices: () => undefined,
    };
    const fail = (error: unknown): void => simulation.fail(error);
    const performing = { log: parts.log, process };
    startEffect({
      ...parts,
      name: 'test/act',
      topic: intents,
      concurrency: 4,
      key: (intent) => intent,
      perform: async (intent, { key, stillOwner }) => {
        this.outside.order.push(key);
        if (!(await stillOwner())) return 'not-owner';
        this.outside.calls.set(key, (this.outside.calls.get(key) ?? 0) + 1);
        // However long the outside takes.
        await simulation.answer(performing.process);
        return [{ topic: results, partition: 0, value: intent }];
      },
    }).then(({ failed }) => failed.catch(fail), fail);
    startProcessor({ ...parts, processor: counter, time: 'replay', deadLetters: scheduleDeadLetters }).then(
      ({ failed }) => failed.catch(fail),
      fail,
    );
  }

  private crash(): void {
    const process = this.simulation.random.pick(this.simulation.alive) as Process;
    if (this.simulation.kill(process) > 0) this.simulation.counts.crashes++;
    this.start();
    this.log.groups.died(process);
  }

  /** Intents come from a processor's task, which may publish its rows again. */
  private offer(): void {
    const { simulation } = this;
    const from = this.appended;
    if (from >= intentCount) return;
    const count = Math.min(1 + simulation.random.below(3), intentCount - from);
    simulation.add({
      process: null,
      kind: 'input',
      run: () => {
        const rows = new RowColumns<string>();
        const again = simulation.fault(0.2) ? Math.max(0, from - 2) : from;
        for (let i = again; i < from + count; i++) rows.addData(i, 0, 0, `intent ${i}`);
        const source = { processor: 'test/decide', partition: 0, epoch: 0 };
        const at = { topic: topicName('test', intents), partition: 0 };
        this.log.append(at, encodeBatches(source, rows, intents.codec));
        this.appended = from + count;
        this.offer();
      },
    });
  }
}

const all = Array.from({ length: intentCount }, (_, i) => `intent ${i}`);

describe('an effect', () => {
  it('begins intents in order, and its results count in whatever order they come', async () => {
    let outOfOrder = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const world = new EffectWorld(seed, noFaults);
      const found = await world.run(1);
      expect([...found].sort()).toEqual([...all].sort());
      if (found.join() !== all.join()) outOfOrder++;
      expect(world.outside.order).toEqual(all);
      expect([...world.outside.calls.values()]).toEqual(all.map(() => 1));
    }
    expect(outOfOrder).toBeGreaterThan(0);
  });

  it('performs each intent, and repeats one only after it lost the task, under crashes, zombies and lost answers', async () => {
    const faults = { ...noFaults, crash: 0.02, zombie: 0.01, rebalance: 0.01, appendLost: 0.05, saveLost: 0.05 };
    const total = noCounts();
    let repeated = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const world = new EffectWorld(seed, faults);
      expect({ seed, found: (await world.run(2)).sort() }).toEqual({ seed, found: [...all].sort() });
      for (const calls of world.outside.calls.values()) {
        expect(calls).toBeLessThanOrEqual(world.owners);
        repeated += calls - 1;
      }
      addCounts(total, world.simulation.counts);
    }
    expect(repeated).toBeGreaterThan(0);
    expect(total.crashes).toBeGreaterThan(0);
    expect(total.zombies).toBeGreaterThan(0);
    expect(total.savesFenced).toBeGreaterThan(0);
  }, 300_000);
});

describe('an effect whose store was lost', () => {
  const at = { topic: topicName('test', intents), partition: 0 };

  /** One process after the other, on a log that stays and a store that does not. */
  class LostStore {
    readonly simulation = new Simulation(3, noFaults);
    readonly log = new SimulatedLog(this.simulation);
    readonly store = new SimulatedStore(this.simulation);
    readonly performed: string[] = [];
    readonly notices: TaskNotice[] = [];
    readonly durations: number[] = [];
    private sent: SourcePosition | null = null;

    constructor() {
      for (const topic of [intents, results]) this.log.createTopic(topicName('test', topic), 1);
    }

    /** As `decide` sends them; from 0 again when its own store was lost as well. */
    send(from: number, to: number): void {
      const rows = new RowColumns<string>();
      for (let i = from; i < to; i++) rows.addData(i, 0, 0, `intent ${i}`);
      const source = { processor: 'test/decide', partition: 0, epoch: 0 };
      const previous = from === 0 ? null : this.sent;
      this.log.append(at, encodeBatches(source, rows, intents.codec, { rows: 2, bytes: 1000 }, previous));
      this.sent = lastPosition(source, rows);
    }

    async run(): Promise<void> {
      const { simulation } = this;
      const process = simulation.addProcess('only');
      const tasks = await startEffect({
        ...{ log: this.log.of(process), store: this.store.of(process), clock: simulation.clock(process) },
        ...{ token: () => `token ${simulation.random.next()}`, environment: 'test', name: 'test/act', topic: intents },
        notices: (notice) => this.notices.push(notice),
        effectMetrics: (effect) => ({ performed: ({ results: count }) => this.durations.push(count + effect.length) }),
        key: (intent) => intent,
        perform: async (intent) => {
          this.performed.push(intent);
          return [{ topic: results, partition: 0, value: intent }];
        },
      });
      tasks.failed.catch((error: unknown) => simulation.fail(error));
      await simulation.run();
      expect(tasks.behind()).toEqual([]);
    }

    kill(): void {
      for (const process of this.simulation.alive) {
        this.simulation.kill(process);
        this.log.groups.died(process);
      }
    }
  }

  const intentsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `intent ${from + i}`);

  it('performs nothing a second time, although its producer sends everything once more', async () => {
    const world = new LostStore();
    world.send(0, 10);
    await world.run();
    expect(world.performed).toEqual(intentsOf(0, 10));
    world.kill();
    world.store.flush();
    world.send(0, 12);
    await world.run();
    expect(world.performed).toEqual(intentsOf(0, 12));
    expect(world.notices).toEqual([
      { task: 'moola.test/test/act/0', kind: 'store-behind-commit', position: 0, committed: 5 },
    ]);
    world.kill();
    world.send(6, 14);
    await world.run();
    expect(world.performed).toEqual(intentsOf(0, 14));
    expect(world.notices).toHaveLength(1);
    expect(world.durations).toEqual(world.performed.map(() => 1 + 'test/act'.length));
  });

  it('says nothing of a lost span when retention removed only what was done', async () => {
    const world = new LostStore();
    world.send(0, 10);
    await world.run();
    world.kill();
    world.store.flush();
    world.log.truncate(at, 3);
    world.send(10, 12);
    await world.run();
    expect(world.performed).toEqual(intentsOf(0, 12));
    expect(world.notices.map(({ kind }) => kind)).toEqual(['store-behind-commit']);
  });

  it('says so when the log lost intents, once', async () => {
    const world = new LostStore();
    world.send(0, 4);
    await world.run();
    world.log.lose(at, [new Uint8Array()]);
    const lost = { epoch: 0, offset: 5, ordinal: 0 };
    const rows = new RowColumns<string>();
    rows.addData(6, 0, 0, 'intent 6');
    const source = { processor: 'test/decide', partition: 0, epoch: 0 };
    world.log.append(at, encodeBatches(source, rows, intents.codec, undefined, lost));
    await world.simulation.run();
    expect(world.performed.at(-1)).toBe('intent 6');
    const after = { epoch: 0, offset: 3, ordinal: 0 };
    expect(world.notices).toEqual([
      { task: 'moola.test/test/act/0', kind: 'rows-missing', source: 'test/decide/0', after, until: lost },
    ]);
  });
});

describe('the progress of an effect', () => {
  it('is its lowest intent that is not done; one behind it that is done is not repeated', () => {
    const source = { processor: 'test/decide', partition: 0, epoch: 0 };
    const first = new EffectProgress<string>(new Map(), readProgress(new Map()), 0);
    const take = (progress: EffectProgress<string>, offset: number): readonly PendingIntent<string>[] => {
      const keys = progress.isNew(source, offset, 0) ? [`intent ${offset}`] : [];
      return progress.take(
        { offset, value: Uint8Array.of(offset) },
        keys.map((key) => ({ key, intent: key })),
      );
    };
    const [zero] = take(first, 0);
    const [one] = take(first, 1);
    const [two] = take(first, 2);
    first.done(two as PendingIntent<string>);
    first.done(zero as PendingIntent<string>);
    const { position, changes } = first.takeCheckpoint();
    expect(position).toBe(1);

    const entries = new Map([...changes].filter((entry): entry is [string, Uint8Array] => entry[1] !== null));
    const second = new EffectProgress<string>(entries, readProgress(entries), position);
    expect(take(second, 1).map(({ key }) => key)).toEqual([one?.key]);
    expect(take(second, 2)).toEqual([]);
    expect(take(second, 3).map(({ key }) => key)).toEqual(['intent 3']);
  });
});
