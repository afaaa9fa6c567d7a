import { create } from '@bufbuild/protobuf';
import { EstimateSchema, JobSnapshotSchema, JobState, SubjectKind } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { TrainingProgress } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Estimated } from '@moola/metrics/subject-metric';
import type { SubjectKind as Kind } from '../subjects/subject-kind.js';
import { estimatesOf, figuresOf, type JobEstimates } from './job-figures.js';
import { newJob, observeProgress, type JobRecord } from './job-record.js';

/** Without a new step for so long a job is shown as stalled. */
export const stalledAfterMs = 1_800_000;
/** One that has ended is forgotten after a day, one of which nothing more is heard after a week. */
const endedForMs = 86_400_000;
const silentForMs = 7 * endedForMs;

const states = {
  running: JobState.RUNNING,
  stalled: JobState.STALLED,
  failed: JobState.FAILED,
  finished: JobState.FINISHED,
} as const;
type State = keyof typeof states;

/** Training jobs, by their reports. */
export const jobs: Kind<'job', JobRecord, TrainingProgress, JobEstimates> = {
  ...{ name: 'job', wire: SubjectKind.JOB, format: 1, most: 500 },
  nameOf: ({ job }) => job,
  begin: newJob,
  observe: observeProgress,
  estimates: estimatesOf,
  figures: figuresOf,
  isOver: ({ endedMs, failed }) => endedMs !== null && !failed,
  forgottenAtMs: ({ endedMs, heardMs }) => (endedMs === null ? heardMs + silentForMs : endedMs + endedForMs),
  state: stateOf,
  forgotten: (job) => ({ case: 'job', value: create(JobSnapshotSchema, { job, forgotten: true }) }),
  snapshot(job, { name, estimates, state, figures, undeclared }) {
    const { stepsPerSecond, timeLeftMs, outOfMemoryInMs } = estimates;
    const value = create(JobSnapshotSchema, {
      ...{ job: name, state: states[state as State], step: job.step, figures, undeclared },
      ...{ startedMs: job.startedMs, heardMs: job.heardMs, progressedMs: job.progressedMs },
      ...{ outOfMemory: job.outOfMemory, restarts: job.restarts, late: job.late },
      ...{ checkpointsSaved: job.checkpointsSaved, checkpointsFailed: job.checkpointsFailed },
      losses: job.losses.map(([step, loss]) => ({ step, loss })),
      memory: job.memory.map(([timeMs, bytes]) => ({ timeMs, bytes })),
      ...(job.totalSteps !== null && { totalSteps: job.totalSteps }),
      ...(job.endedMs !== null && { endedMs: job.endedMs }),
      ...(job.checkpointMs !== null && { checkpointMs: job.checkpointMs }),
      ...(job.memoryBytes !== null && { memoryBytes: job.memoryBytes }),
      ...(job.memoryLimitBytes !== null && { memoryLimitBytes: job.memoryLimitBytes }),
      ...(stepsPerSecond && { stepsPerSecond: estimate(stepsPerSecond) }),
      ...(timeLeftMs && { timeLeft: estimate(timeLeftMs) }),
      ...(outOfMemoryInMs && { outOfMemoryIn: estimate(outOfMemoryInMs) }),
    });
    return { case: 'job', value };
  },
};

function stateOf({ endedMs, failed, progressedMs }: JobRecord, nowMs: number): State {
  if (endedMs !== null) return failed ? 'failed' : 'finished';
  return nowMs - progressedMs >= stalledAfterMs ? 'stalled' : 'running';
}

function estimate({ value, lower, upper }: Estimated) {
  return create(EstimateSchema, {
    value,
    ...(lower !== undefined && { lower }),
    ...(upper !== undefined && { upper }),
  });
}
