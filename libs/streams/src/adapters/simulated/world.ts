import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch, type ExternalRow } from '../../processor/batch-codec.js';
import { beginEpoch, type BegunEpoch } from '../../task/begin-epoch.js';
import type { DeadLetters } from '../../task/dead-letters.js';
import type { EnvironmentTime } from '../../task/environment-time.js';
import { PoisonError, type Processor, type TaskState } from '../../processor/processor.js';
import { startProcessor, type ProcessorSettings, type RunningTasks } from '../../task/start-processor.js';
import type { TaskNotice } from '../../task/task-observer.js';
import { noFaults } from './faults.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedStore } from './simulated-store.js';
import { Simulation, type Process } from './simulation.js';
import { textTopic } from './text-topic.js';

export const words = textTopic('words');
export const totals = textTopic('totals');
export const letters = textTopic('letters');

export const deadLetters: DeadLetters<string> = {
  topic: letters,
  letter: ({ reason, offset, row }) => `${offset}.${row} ${reason}`,
};

/** Adds up numbers; throws half-way at words that are none, and stops at `stop`. */
export const adder: Processor<string> = {
  name: 'test/adder',
  input: words,
  outputs: [totals],
  restore(entries, context): TaskState<string> {
    let total = Number(Buffer.from(entries.get('total') ?? []).toString() || 0);
    return {
      apply(row, emitter) {
        if (row.kind !== 'data') {
          emitter.forward(totals, 'same');
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

/** One partition of words, a task that adds them up, and no faults but those that a test makes. */
export class World {
  readonly simulation = new Simulation(1, noFaults);
  readonly log = new SimulatedLog(this.simulation);
  readonly store = new SimulatedStore(this.simulation);
  readonly notices: TaskNotice[] = [];
  readonly failures: unknown[] = [];
  readonly input = { topic: topicName('test', words), partition: 0 };

  constructor() {
    for (const topic of [words, totals, letters]) this.log.createTopic(topicName('test', topic), 1);
  }

  async start(processor: Processor<string>, time: EnvironmentTime = 'replay'): Promise<RunningTasks> {
    const process = this.simulation.addProcess('only');
    const tasks = await startProcessor(this.settings(process, processor, time));
    tasks.failed.catch((error: unknown) => this.failures.push(error));
    return tasks;
  }

  settings(process: Process, processor: Processor<string>, time: EnvironmentTime): ProcessorSettings<string> {
    return {
      log: this.log.of(process),
      store: this.store.of(process),
      clock: this.simulation.clock(process),
      token: () => `token ${this.simulation.random.next()}`,
      processor,
      environment: 'test',
      time,
      deadLetters,
      notices: (notice) => this.notices.push(notice),
    };
  }

  /** As an operator's command does it, while everything else goes on. */
  async beginEpoch(task: string): Promise<BegunEpoch> {
    const store = this.store.of(this.simulation.addProcess('operator'));
    const begun = beginEpoch(store, task, 'operator');
    await this.simulation.run();
    return begun;
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
