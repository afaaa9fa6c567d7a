import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { mergedByTick } from '../processor/merge-by-tick.js';
import { checkSchedules, type ScheduleOptions } from './schedules.js';
import { addCounts, defaultFaults, noCounts, noFaults } from '../adapters/simulated/faults.js';
import { Random } from '../adapters/simulated/random.js';
import type { ScheduleRow } from '../adapters/simulated/schedule-rows.js';
import { counter, joiner, judge, pairs, spreader, sums, summer } from '../adapters/simulated/synthetic.js';

const mergedJudge = mergedByTick(judge, {
  sources: [
    { processor: summer.name, partition: 0 },
    { processor: summer.name, partition: 1 },
  ],
});

function wordRows(count: number, partitions = 2, alphabet = 'abcde'): ScheduleRow<string>[] {
  const random = new Random(1);
  const rows: ScheduleRow<string>[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 7 === 6) rows.push({ tick: 1000 + i });
    else if (i % 20 === 3) rows.push({ definition: create(DefinitionSchema, { version: i, name: `d${i}` }) });
    else rows.push({ data: alphabet.charAt(random.below(alphabet.length)), partition: random.below(partitions) });
  }
  return rows;
}

function sideRows(count: number): ScheduleRow<string>[] {
  const random = new Random(2);
  const rows: ScheduleRow<string>[] = [];
  for (let i = 0; i < count; i++) {
    const side = random.chance(0.5) ? 'left' : 'right';
    if (i % 6 === 5) rows.push({ tick: 1000 + i });
    else rows.push({ data: `${side} ${'abc'[random.below(3)]} ${random.below(10)}`, partition: random.below(2) });
  }
  return rows;
}

/** The replayer writes its ticks, and what people say, into the merged topic too. */
function feedbackRows(count: number): ScheduleRow<string>[] {
  const rows: ScheduleRow<string>[] = [];
  for (let i = 5; i < count; i += 6) {
    rows.push({ data: `person ${i}`, topic: sums, source: { processor: '', partition: 0 } });
    rows.push({ tick: 1000 + i, topic: sums });
  }
  return rows;
}

const total = noCounts();
let schedules = 0;

/** Milliseconds; a schedule takes some ten on a busy core. */
const enough = 120_000;

function check<In>(title: string, options: ScheduleOptions<In>): void {
  const run = async (): Promise<void> => {
    const report = await checkSchedules(options);
    addCounts(total, report.counts);
    schedules += report.schedules;
  };
  it(title, run, enough);
}

/** The rows of two sources in turns, and the ticks of both. */
function mergedRows(count: number): ScheduleRow<string>[] {
  const rows = feedbackRows(count);
  for (let i = 0; i < count; i++) {
    const source = { processor: summer.name, partition: i % 2 };
    rows.push(i % 6 >= 4 ? { tick: 1000 + i - (i % 2), source, partition: 0 } : { data: `${i}`, source });
  }
  return rows;
}

describe('every schedule gives the same rows', () => {
  check('of a counter', { processor: counter, input: wordRows(60), seeds: 300 });

  check('of a joiner', { processor: joiner, input: sideRows(60), seeds: 200 });

  check('of a processor that writes to several partitions', {
    processor: spreader,
    input: wordRows(40),
    partitions: { spread: 3 },
    seeds: 200,
  });

  check('of a chain whose partitions meet in one topic', {
    processor: [joiner, summer, mergedJudge],
    input: [...sideRows(60), ...feedbackRows(60)],
    partitions: { sums: 1, verdicts: 1 },
    seeds: 250,
  });

  check('of a merged processor alone, whose sources come in any order', {
    processor: mergedJudge,
    input: mergedRows(60),
    partitions: { sums: 1, verdicts: 1 },
    seeds: 100,
  });

  check('of a task that changes hands while its store goes back', {
    processor: counter,
    input: wordRows(100, 1, 'abcdefghijklmnopqrstuvwxyz'),
    partitions: { words: 1 },
    faults: { ...noFaults, zombie: 0.1, storeWentBack: 0.05, crash: 0.01 },
    seeds: 200,
  });

  check('of a chain whose store never goes back, and that never says so', {
    processor: [joiner, summer, mergedJudge],
    input: [...sideRows(60), ...feedbackRows(60)],
    partitions: { sums: 1, verdicts: 1 },
    faults: { ...defaultFaults, storeWentBack: 0, crash: 0.04 },
    seeds: 60,
  });

  check('of rows that are missing, when the log loses what it has acknowledged', {
    processor: [joiner, summer, judge],
    input: [...sideRows(80), ...feedbackRows(80)],
    partitions: { sums: 1, verdicts: 1 },
    faults: { ...defaultFaults, poison: 0, recordLost: 0.05 },
    // Where nothing was lost, all but what depends on how its sources meet is as it should be.
    outputs: [pairs, sums],
    seeds: 120,
  });

  it('and all kinds of faults have bitten', () => {
    if (process.env['SCHEDULE_SEED'] !== undefined || process.env['SCHEDULE_COUNT'] !== undefined) return;
    process.stdout.write(`${schedules} schedules; what bit: ${JSON.stringify(total)}\n`);
    expect(schedules).toBeGreaterThanOrEqual(1000);
    for (const [fault, count] of Object.entries(total)) expect({ fault, bit: count > 0 }).toEqual({ fault, bit: true });
  });
});

describe('without the merge by tick', () => {
  it('the order in which partitions meet decides', async () => {
    await expect(
      checkSchedules({
        processor: [joiner, summer, judge],
        input: sideRows(60),
        partitions: { sums: 1, verdicts: 1 },
        seeds: 20,
      }),
    ).rejects.toThrow('verdicts/0');
  });
});
