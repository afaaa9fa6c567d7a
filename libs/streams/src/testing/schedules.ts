import type { Processor } from '../processor/processor.js';
import { accepted, scheduleDeadLetters, type RowsBySource } from '../adapters/simulated/canonical.js';
import { addCounts, defaultFaults, noCounts, type FaultCounts, type FaultMix } from '../adapters/simulated/faults.js';
import { Random } from '../adapters/simulated/random.js';
import { referenceOf, type Reference } from '../adapters/simulated/reference.js';
import { gapsLeft, gapsTold } from '../adapters/simulated/gaps.js';
import { ScheduleRun, scheduleEnvironment } from '../adapters/simulated/schedule-run.js';
import { scheduleInput, type ScheduleRow } from '../adapters/simulated/schedule-rows.js';
import { topicName } from '@moola/contracts/topic-name';

/**
 * Seeded schedules: the test of rule 1 for a processor, or for a chain of them.
 *
 * ```ts
 * it('gives the same rows under every schedule', async () => {
 *   const report = await checkSchedules({
 *     processor: trackerWindows,                         // or a chain: [join, windows]
 *     input: [{ definition }, { data: prediction }, { tick: 60_000 }, …],   // at least some 40 rows
 *     partitions: { signals: 1 },                        // of topics that have not 2
 *     seeds: 50,
 *   });
 *   expect(report.counts.crashes).toBeGreaterThan(0);
 * }, 60_000);                                          // Jest's own limit is 5 s; a schedule takes some 10 ms
 * ```
 *
 * Each seed runs the processors in three processes on a simulated log and store. The seed chooses who runs when, where
 * batches and records begin and end, when checkpoints happen, and faults: crashes, two owners at once, a store that went
 * back, lost answers, late writes, poisoned rows (copies of input rows, applied half-way and then refused), an upstream that
 * repeats itself, a second ticker. The last 30 % of the input come after the last fault. What a reader of the outputs
 * accepts is then compared, row by row and byte by byte, with what the processors give when they are applied in memory to
 * the same rows; and no two rows may claim one position. No task may say that rows are missing in its input, unless the log has
 * lost some (the fault `recordLost`, which is off): then exactly those.
 *
 * Where several partitions meet in one topic of a chain, its reader must be `mergedByTick`, or not care about the order.
 * Rows without position (`source: { processor: '', partition: 0 }`) must be deduplicated by the processor itself.
 *
 * A failure names its seed and the command that runs this schedule alone (`SCHEDULE_SEED`). `SCHEDULE_COUNT` sets another
 * number of seeds.
 */
export async function checkSchedules<In>(options: ScheduleOptions<In>): Promise<ScheduleReport> {
  const counts = noCounts();
  const seeds = seedsToRun(options.seeds ?? 50);
  for (const seed of seeds) {
    try {
      addCounts(counts, await runSchedule(options, seed));
    } catch (error) {
      throw new ScheduleFailedError(seed, error);
    }
  }
  return { schedules: seeds.length, counts };
}

export interface ScheduleOptions<In> {
  /** One processor, or a chain in which each reads a topic that one before it (or the input) writes. */
  readonly processor: Processor<In> | readonly Processor<unknown>[];
  readonly input: readonly ScheduleRow<In>[];
  /** Topics to compare. @default all outputs, and the dead letters */
  readonly outputs?: readonly { readonly name: string }[];
  /** Partitions by topic name. @default 2 each */
  readonly partitions?: Readonly<Record<string, number>>;
  /** @default 50 */
  readonly seeds?: number;
  /** @default `defaultFaults` */
  readonly faults?: Partial<FaultMix>;
}

export interface ScheduleReport {
  readonly schedules: number;
  /** How often each fault truly bit, over all schedules. */
  readonly counts: FaultCounts;
}

/** A schedule gave other rows than it should have. */
export class ScheduleFailedError extends Error {
  override readonly name = 'ScheduleFailedError';
  constructor(seed: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`schedule ${seed}: ${reason}\nrun it alone: ${replayCommand(seed)}`, { cause });
  }
}

async function runSchedule<In>(options: ScheduleOptions<In>, seed: number): Promise<FaultCounts> {
  const processors = (
    Array.isArray(options.processor) ? options.processor : [options.processor]
  ) as Processor<unknown>[];
  const faults = { ...defaultFaults, ...options.faults };
  const partitionsOf = (topic: string): number => options.partitions?.[topic] ?? 2;
  const random = new Random(~seed);
  const poisoned = random.below(faults.poison + 1);
  const input = scheduleInput(processors, options.input, partitionsOf, poisoned, random);
  const reference = referenceOf(processors, input, partitionsOf);
  const run = new ScheduleRun(seed, faults, processors, input, partitionsOf);
  await run.run();
  const { counts } = run.simulation;
  counts.gapsTold += compareGaps(run, processors, partitionsOf);
  const wentBack = run.notices.some(({ kind }) => kind === 'store-behind-commit');
  if (wentBack && counts.storesWentBack === 0) throw new Error('a task says that its store went back, and it did not');
  // What the log has lost is missing in the outputs as well.
  if (counts.recordsLost > 0) return counts;
  const outputs = options.outputs ?? processors.flatMap((processor) => processor.outputs);
  for (const topic of new Set([...outputs, scheduleDeadLetters.topic].map(({ name }) => name))) {
    for (let partition = 0; partition < partitionsOf(topic); partition++) {
      counts.rowsPublishedAgain += compare(run, reference, topic, partition);
    }
  }
  return counts;
}

/** @returns how many gaps were told. @throws when these are not the gaps that there are. */
function compareGaps(
  run: ScheduleRun,
  processors: readonly Processor<unknown>[],
  partitionsOf: (topic: string) => number,
): number {
  const told = gapsTold(run.notices);
  const left = gapsLeft(run.log, scheduleEnvironment, processors, partitionsOf);
  const wrong = [
    ...told.filter((gap) => !left.includes(gap)).map((gap) => `told, and not there: ${gap}`),
    ...left.filter((gap) => !told.includes(gap)).map((gap) => `there, and not told: ${gap}`),
  ];
  if (wrong.length > 0) throw new Error(`gaps in the log: ${wrong.join('; ')}`);
  return told.length;
}

/** @returns how many rows stand there more than once. @throws when the rows are not those of the reference. */
function compare(run: ScheduleRun, reference: Reference, topic: string, partition: number): number {
  const at = { topic: topicName(scheduleEnvironment, { name: topic }), partition };
  const codec = reference.codecs.get(topic) ?? { encode: () => new Uint8Array(), decode: () => [] };
  const found = accepted(topic, run.log.records(at), codec);
  if (found.conflict !== null) throw new Error(`in ${topic}/${partition}, ${found.conflict}`);
  const expected: RowsBySource = reference.rows.get(`${topic}/${partition}`) ?? new Map();
  for (const source of new Set([...expected.keys(), ...found.rows.keys()])) {
    const arranged = arrangement(run, topic);
    const should = arranged(expected.get(source) ?? []);
    const is = arranged(found.rows.get(source) ?? []);
    for (let row = 0; row < Math.max(should.length, is.length); row++) {
      if (should[row] === is[row]) continue;
      throw new Error(
        `row ${row} of ${source} in ${topic}/${partition} should be\n  ${readable(should[row])}\nbut is\n  ${readable(is[row])}`,
      );
    }
  }
  return found.repeated;
}

/** Which rows a merging processor refuses first depends on how its sources meet. */
function arrangement(run: ScheduleRun, topic: string): (lines: readonly string[]) => readonly string[] {
  if (topic === scheduleDeadLetters.topic.name && run.mergesInput) return (lines) => [...lines].sort();
  return (lines) => lines;
}

/** A line with its bytes as text, as far as they are text. */
function readable(line: string | undefined): string {
  if (line === undefined) return 'missing (no more rows)';
  const [time, kind, bytes] = line.split(' ');
  if (bytes === undefined) return line;
  return `${time} ${kind} ${Buffer.from(bytes, 'base64')
    .toString('latin1')
    .replace(/[^ -~]/g, '·')}`;
}

function seedsToRun(count: number): number[] {
  const { SCHEDULE_SEED: seed, SCHEDULE_COUNT: otherCount } = process.env;
  if (seed !== undefined) return [Number(seed)];
  return Array.from({ length: otherCount === undefined ? count : Number(otherCount) }, (_, index) => index + 1);
}

interface RunningTest {
  readonly testPath?: string;
  readonly currentTestName?: string;
}

/** Jest says which test is running; without it the command names only the seed. */
function replayCommand(seed: number): string {
  const { expect } = globalThis as { expect?: { getState?: () => RunningTest } };
  const { testPath, currentTestName } = expect?.getState?.() ?? {};
  const path = testPath?.startsWith(process.cwd()) ? ` ${testPath.slice(process.cwd().length + 1)}` : '';
  const name = currentTestName === undefined ? '' : ` -t '${currentTestName.replaceAll("'", '.')}'`;
  return `SCHEDULE_SEED=${seed} NODE_OPTIONS=--experimental-vm-modules npx jest${path}${name}`;
}
