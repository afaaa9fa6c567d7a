import { describe, expect, it } from '@jest/globals';
import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch } from './batch-codec.js';
import type { Clock } from './clock.js';
import { noFaults } from './simulated/faults.js';
import { SimulatedLog } from './simulated/simulated-log.js';
import { Simulation } from './simulated/simulation.js';
import { textTopic } from './simulated/text-topic.js';
import { startTicker } from './ticker.js';

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

async function tickedAt(timesMs: readonly number[], dataBefore: ReadonlySet<number>): Promise<number[]> {
  const simulation = new Simulation(1, noFaults);
  const log = new SimulatedLog(simulation);
  log.createTopic(at.topic, 1);
  const clock = new HandClock(0);
  const process = simulation.addProcess('only');
  const failed = (error: unknown): void => simulation.fail(error);
  const stop = await startTicker({ log: log.of(process), clock, topic: words, environment: 'live', failed });
  for (const timeMs of timesMs) {
    if (dataBefore.has(timeMs)) log.append(at, externalBatch(words, [{ kind: 'data', value: 'x' }]));
    clock.timeMs = timeMs;
    clock.fire();
    await simulation.run();
  }
  await stop();
  return log.records(at).flatMap(({ value }) => [...decodeBatch(value, words.codec).ticks].filter((tick) => tick > 0));
}

describe('a ticker', () => {
  it('ticks at every step while data arrives, and every second when none does', async () => {
    const times = Array.from({ length: 31 }, (_, step) => 100 + step * 100);
    expect(await tickedAt(times, new Set([500, 600]))).toEqual([100, 500, 600, 1600, 2600]);
  });

  it('never goes back with its clock', async () => {
    expect(await tickedAt([1000, 3000, 2000, 2500, 4000], new Set([2000, 2500]))).toEqual([1000, 3000, 4000]);
  });
});
