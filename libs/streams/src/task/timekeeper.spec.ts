import { describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch, type ExternalRow } from '../processor/batch-codec.js';
import type { Clock } from '../ports/clock.js';
import { noFaults } from '../adapters/simulated/faults.js';
import { SimulatedLog } from '../adapters/simulated/simulated-log.js';
import { Simulation } from '../adapters/simulated/simulation.js';
import { textTopic } from '../adapters/simulated/text-topic.js';
import { Timekeeper } from './timekeeper.js';

const words = textTopic('words');
const at = { topic: topicName('live', words), partition: 0 };

/** Time that a test sets; timers run when the test says so. */
class HandClock implements Clock {
  private timers: { readonly dueMs: number; readonly run: () => void }[] = [];
  constructor(public timeMs: number) {}

  nowMs(): number {
    return this.timeMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.timeMs + delayMs, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  fire(): void {
    const due = this.timers.filter(({ dueMs }) => dueMs <= this.timeMs);
    this.timers = this.timers.filter(({ dueMs }) => dueMs > this.timeMs);
    for (const { run } of due) run();
  }
}

/** A partition whose owner writes the time into it and reads what stands there, at the moments that a test chooses. */
class Owned {
  readonly simulation = new Simulation(1, noFaults);
  readonly log = new SimulatedLog(this.simulation);
  readonly clock = new HandClock(0);
  readonly keeper: Timekeeper;
  private read = 0;

  constructor() {
    this.log.createTopic(at.topic, 1);
    const log = this.log.of(this.simulation.addProcess('only'));
    const failed = (error: unknown): void => this.simulation.fail(error);
    this.keeper = new Timekeeper({ log, clock: this.clock, topic: words, input: at, tickMs: 100, failed });
  }

  async at(timeMs: number, ...rows: readonly ExternalRow<string>[]): Promise<void> {
    this.clock.timeMs = timeMs;
    if (rows.length > 0) this.log.append(at, externalBatch(words, rows));
    this.readOn();
    this.clock.fire();
    await this.simulation.run();
    this.readOn();
  }

  get ticks(): number[] {
    return this.log.records(at).flatMap(({ value }) => [...decodeBatch(value, words.codec).ticks].filter(Boolean));
  }

  private readOn(): void {
    const records = this.log.records(at, this.read);
    this.read += records.length;
    this.keeper.saw(records);
  }
}

const data: ExternalRow<string> = { kind: 'data', value: 'x' };

describe('the owner of a partition', () => {
  it('ticks at every step while records arrive, and every second when none do', async () => {
    const owned = new Owned();
    for (let timeMs = 100; timeMs <= 3100; timeMs += 100) {
      await owned.at(timeMs, ...(timeMs === 500 || timeMs === 550 || timeMs === 600 ? [data] : []));
    }
    expect(owned.ticks).toEqual([100, 500, 600, 1600, 2600]);
  });

  it('ticks at once when a record comes after a silence', async () => {
    const owned = new Owned();
    for (const timeMs of [100, 1100, 1730]) await owned.at(timeMs, ...(timeMs === 1730 ? [data] : []));
    expect(owned.ticks).toEqual([100, 1100, 1730]);
  });

  it("is not woken by another owner's ticks, but by a tick that comes with data", async () => {
    const owned = new Owned();
    await owned.at(100);
    await owned.at(300, { kind: 'tick', tickMs: 5 });
    await owned.at(500, { kind: 'tick', tickMs: 6 }, data);
    expect(owned.ticks).toEqual([100, 5, 6, 500]);
  });

  it('never goes back with its clock', async () => {
    const owned = new Owned();
    for (const timeMs of [1000, 3000, 2000, 2500, 4000]) await owned.at(timeMs, ...(timeMs < 3000 ? [data] : []));
    expect(owned.ticks).toEqual([1000, 3000, 4000]);
  });

  it('says once that its clock was set back, and goes on when it is there again', async () => {
    const simulation = new Simulation(1, noFaults);
    const log = new SimulatedLog(simulation);
    log.createTopic(at.topic, 1);
    const told: unknown[] = [];
    let nowMs = 0;
    let next = (): void => undefined;
    // Timers do not go by the clock that is set back.
    const clock: Clock = {
      nowMs: () => nowMs,
      after: (_delayMs, run) => {
        next = run;
        return () => undefined;
      },
    };
    const failed = (error: unknown): void => void told.push((error as Error).message);
    new Timekeeper({ log: log.of(simulation.addProcess('only')), clock, topic: words, input: at, tickMs: 100, failed });
    for (nowMs of [100_000, 99_500, 60_000, 60_100, 100_100, 100_200, 90_000]) {
      next();
      await simulation.run();
    }
    const ticks = log.records(at).flatMap(({ value }) => [...decodeBatch(value, words.codec).ticks].filter(Boolean));
    expect(ticks).toEqual([100_000, 100_100, 100_200]);
    expect(told).toEqual([expect.stringContaining('set back by 40 s'), expect.stringContaining('set back by 10 s')]);
  });

  it('writes nothing any more when it has let go', async () => {
    const owned = new Owned();
    await owned.at(100);
    await owned.keeper.stop();
    await owned.at(5000, data);
    expect(owned.ticks).toEqual([100]);
  });
});
