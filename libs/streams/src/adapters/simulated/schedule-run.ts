import { topicName } from '@moola/contracts/topic-name';
import { externalBatch } from '../../processor/batch-codec.js';
import { PoisonError, type Processor } from '../../processor/processor.js';
import { startProcessor } from '../../task/start-processor.js';
import type { TaskNotice } from '../../task/task-observer.js';
import { scheduleDeadLetters } from './canonical.js';
import type { FaultMix } from './faults.js';
import { poisonReason } from './reference.js';
import type { InputQueue, InputRecord, ScheduleInput } from './schedule-rows.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedStore } from './simulated-store.js';
import { Simulation, type Process } from './simulation.js';

export const scheduleEnvironment = 'test';
const processCount = 3;
/** The last part of the input comes after the last fault: what a fault did is often masked until then. */
const undisturbedPart = 0.3;

/** One schedule: processes that run the processors, a world that feeds them, and faults. */
export class ScheduleRun {
  readonly simulation: Simulation;
  readonly log: SimulatedLog;
  readonly notices: TaskNotice[] = [];
  private readonly store: SimulatedStore;
  private readonly processors: readonly Processor<unknown>[];
  private readonly appended: InputRecord[] = [];
  private readonly lastTicks = new Map<string, { record: InputRecord; tickMs: number }>();
  private readonly total: number;
  private readonly queues: readonly InputQueue[];
  private processNumber = 0;
  private tokenNumber = 0;

  constructor(
    seed: number,
    faults: FaultMix,
    processors: readonly Processor<unknown>[],
    input: ScheduleInput,
    private readonly partitionsOf: (topic: string) => number,
  ) {
    this.simulation = new Simulation(seed, faults);
    this.log = new SimulatedLog(this.simulation);
    this.store = new SimulatedStore(this.simulation);
    this.processors = processors.map((processor, index) =>
      index === 0 ? refusingPoison(processor, input) : processor,
    );
    // Copied, since it is used up.
    this.queues = input.queues.map((queue) => [...queue]);
    this.total = this.queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  /** The first processor applies its rows by tick, not as they come. */
  get mergesInput(): boolean {
    return this.processors[0]?.ticks === 'all';
  }

  /** Runs until everything has come to rest. */
  async run(): Promise<void> {
    const { simulation } = this;
    const topics = this.processors.flatMap(({ input, outputs }) => [input, ...outputs, scheduleDeadLetters.topic]);
    for (const { name } of topics)
      this.log.createTopic(topicName(scheduleEnvironment, { name }), this.partitionsOf(name));
    for (let i = 0; i < processCount; i++) this.startProcess();
    simulation.faultsAllowed = () => {
      const done = this.appended.length / this.total;
      return done > 0 && done < 1 - undisturbedPart;
    };
    simulation.disturb = () => this.disturb();
    this.offerInput();
    await simulation.run();
  }

  private startProcess(): void {
    const { simulation } = this;
    const process = simulation.addProcess(`process ${++this.processNumber}`);
    const { random, counts } = simulation;
    for (const processor of this.processors) {
      startProcessor({
        log: this.log.of(process),
        store: this.store.of(process),
        clock: simulation.clock(process),
        token: () => `token ${++this.tokenNumber}`,
        processor,
        environment: scheduleEnvironment,
        time: 'replay',
        deadLetters: scheduleDeadLetters,
        notices: (notice) => {
          if (notice.kind === 'poison') counts.poisonedRows++;
          this.notices.push(notice);
        },
        metrics: {
          applied: ({ repeated }) => {
            counts.rowsRepeated += repeated;
          },
          saved: () => undefined,
        },
        limits: {
          checkpointRecords: 1 + random.below(8),
          unacknowledgedBytes: random.pick([100, 400, 1 << 20]) ?? 100,
          record: { rows: 1 + random.below(4), bytes: 1 << 20 },
        },
      }).then(
        (tasks) => tasks.failed.catch((error: unknown) => simulation.fail(error)),
        (error: unknown) => simulation.fail(error),
      );
    }
  }

  private offerInput(): void {
    const queue = this.simulation.random.pick(this.queues.filter(({ length }) => length > 0));
    if (queue === undefined) return;
    this.simulation.add({
      process: null,
      kind: 'input',
      run: () => {
        const record = queue.shift() as InputRecord;
        this.appendRecord(record);
        this.appended.push(record);
        for (const row of record.rows) {
          if (row.kind !== 'tick' || row.source.processor !== '') continue;
          this.lastTicks.set(`${record.topic}/${record.partition}`, { record, tickMs: row.tickMs });
        }
        this.offerInput();
      },
    });
  }

  private appendRecord({ topic, partition, bytes }: InputRecord): void {
    this.log.append({ topic: topicName(scheduleEnvironment, { name: topic }), partition }, [bytes]);
  }

  private disturb(): void {
    const { simulation } = this;
    const { faults, counts } = simulation;
    if (simulation.fault(faults.crash)) this.crash();
    if (simulation.fault(faults.zombie) && this.log.groups.makeZombie()) counts.zombies++;
    if (simulation.fault(faults.rebalance) && this.log.groups.rebalance()) counts.rebalances++;
    if (simulation.fault(faults.storeWentBack) && this.store.goBack()) counts.storesWentBack++;
    if (simulation.fault(faults.repeatedInput)) this.repeatInput();
    if (simulation.fault(faults.secondTicker)) this.tickAgain();
  }

  private crash(): void {
    const { simulation } = this;
    const process = simulation.random.pick(simulation.alive) as Process;
    if (simulation.kill(process) > 0) simulation.counts.crashes++;
    this.startProcess();
    this.log.groups.died(process);
  }

  private repeatInput(): void {
    const record = this.simulation.random.pick(this.appended);
    if (record === undefined || record.rows[0]?.source.processor === '') return;
    this.appendRecord(record);
    this.simulation.counts.repeatedInputs++;
  }

  private tickAgain(): void {
    const { random, counts } = this.simulation;
    const last = random.pick([...this.lastTicks.values()]);
    const processor = this.processors.find(({ input }) => input.name === last?.record.topic);
    if (last === undefined || processor === undefined) return;
    const tickMs = last.tickMs - random.below(2);
    const [bytes] = externalBatch(processor.input, [{ kind: 'tick', tickMs }]);
    this.appendRecord({ ...last.record, bytes: bytes as Uint8Array });
    counts.secondTickerTicks++;
  }
}

/** Applies the schedule's poisoned rows half-way, as a processor with a fault would, and then refuses them. */
function refusingPoison(processor: Processor<unknown>, input: ScheduleInput): Processor<unknown> {
  return {
    ...processor,
    restore(entries, context) {
      const state = processor.restore(entries, context);
      return {
        apply(row, emitter) {
          state.apply(row, emitter);
          if (input.isPoisoned(row, context.partition)) throw new PoisonError(poisonReason);
        },
        takeChanges: () => state.takeChanges(),
      };
    },
  };
}
