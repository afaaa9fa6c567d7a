import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { TrainingProgressSchema, type TrainingProgress } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { newJob, observeProgress, type JobRecord } from './job-record.js';

type Report = Exclude<MessageInitShape<typeof TrainingProgressSchema>, TrainingProgress>;
const second = 1000;

/** A job after reports at seconds. */
function jobOf(...reports: readonly (readonly [atSecond: number, report: Report])[]): JobRecord {
  const job = newJob((reports[0]?.[0] ?? 0) * second);
  for (const [at, report] of reports) observeProgress(job, create(TrainingProgressSchema, report), at * second);
  return job;
}

describe('a training job', () => {
  it('goes on from step to step', () => {
    const job = jobOf([10, { step: 1n, loss: 2, totalSteps: 50n }], [20, { step: 3n, loss: 1 }], [30, { step: 3n }]);
    expect(job).toMatchObject({ startedMs: 10_000, heardMs: 30_000, progressedMs: 20_000, step: 3, totalSteps: 50 });
    expect(job.losses).toEqual([
      [1, 2],
      [3, 1],
    ]);
    expect(job).toMatchObject({ loss: 1, reports: 3, late: 0, restarts: 0, endedMs: null });
  });

  it('that goes backwards has begun again from an earlier step: pace and memory begin anew, the loss is that of the new run', () => {
    const job = jobOf(
      [10, { step: 100n, loss: 3, memoryBytes: 5 }],
      [20, { step: 200n, loss: 2, memoryBytes: 6, outOfMemory: true }],
      [30, { step: 100n, loss: 2.5, memoryBytes: 1 }],
    );
    expect(job).toMatchObject({ step: 100, restarts: 1, restartedMs: [30_000], startedMs: 10_000, late: 0 });
    expect(job).toMatchObject({ progress: [[30_000, 100]], memory: [[30_000, 1]], losses: [[100, 2.5]] });
    expect(job).toMatchObject({ ranOutOfMemory: false, outOfMemory: 1 });
  });

  it('counts a report that is late, and takes of it only what happened', () => {
    const job = jobOf(
      [10, { step: 100n, loss: 3 }],
      [30, { step: 300n, loss: 1 }],
      [20, { step: 200n, loss: 2, checkpoint: 'failed', outOfMemory: true, state: 'failed' }],
      [30, { step: 250n, loss: 9 }],
    );
    expect(job).toMatchObject({ step: 300, loss: 1, late: 2, restarts: 0, endedMs: null, reports: 2 });
    expect(job).toMatchObject({ checkpointsFailed: 1, outOfMemory: 1, ranOutOfMemory: true });
  });

  it('has not run out of memory when that is heard late of a run before its restart', () => {
    const reports = [
      [10, { step: 100n }],
      [20, { step: 200n }],
      [40, { step: 100n }],
    ] as const;
    const late = { step: 210n, outOfMemory: true };
    expect(jobOf(...reports, [30, late])).toMatchObject({ ranOutOfMemory: false, outOfMemory: 1, late: 1 });
    const again = [50, { step: 110n }] as const;
    expect(jobOf(...reports, again, [45, late])).toMatchObject({ ranOutOfMemory: true, outOfMemory: 1, late: 1 });
  });

  it('ends, and begins again when it makes another step; a checkpoint that is saved after the end changes nothing', () => {
    const ended = jobOf(
      [10, { step: 5n }],
      [20, { step: 9n, state: 'finished' }],
      [25, { step: 9n, checkpoint: 'saved' }],
    );
    expect(ended).toMatchObject({ endedMs: 20_000, failed: false, checkpointsSaved: 1, checkpointMs: 25_000 });
    const again = jobOf([10, { step: 5n }], [20, { step: 9n, state: 'failed' }], [40, { step: 10n }]);
    expect(again).toMatchObject({ endedMs: null, failed: false, startedMs: 40_000, restarts: 1 });
  });

  it('has no number of steps where that is less than its step, and no limit where that is 0', () => {
    const job = jobOf([10, { step: 100n, totalSteps: 50n, memoryBytes: 5, memoryLimitBytes: 0 }]);
    expect(job).toMatchObject({ totalSteps: null, memoryLimitBytes: null, memoryBytes: 5 });
  });

  it('keeps a bounded number of points, evenly spaced, and the newest', () => {
    const reports = Array.from({ length: 20_000 }, (_, i) => {
      const report = { step: BigInt(i), loss: 1 / (1 + i), memoryBytes: i, checkpoint: 'failed' };
      return [i / 10, report] as const;
    });
    const job = jobOf(...reports);
    expect(job.losses.length).toBeLessThanOrEqual(128);
    expect(job.progress.length).toBeLessThanOrEqual(64);
    expect(job.memory.length).toBeLessThanOrEqual(64);
    expect(job.checkpointFailedMs).toHaveLength(32);
    expect(job.losses[0]).toEqual([0, 1]);
    expect(job.losses.at(-1)?.[0]).toBe(19_999);
    // Of the last half hour, which is 18,000 of the 20,000 reports.
    expect(job.memory[0]![0]).toBeGreaterThanOrEqual(199_900);
    expect(job.memory[0]![0]).toBeLessThan(300_000);
    const gaps = job.losses.slice(1).map(([step], i) => step - job.losses[i]![0]);
    expect(Math.max(...gaps)).toBeLessThan(4 * (20_000 / 64));
    expect(JSON.stringify(job).length).toBeLessThan(10_000);
  });
});
