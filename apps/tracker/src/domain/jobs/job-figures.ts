import type { Estimated, JobFigures } from '@moola/metrics/subject-metric';
import type { JobRecord } from './job-record.js';
import { outOfMemoryIn } from './memory-growth.js';
import { paceOf, timeFor } from './pace.js';

/** What is computed of a job's reports, whatever the time is. */
export interface JobEstimates {
  readonly stepsPerSecond: Estimated | undefined;
  readonly timeLeftMs: Estimated | undefined;
  readonly outOfMemoryInMs: Estimated | undefined;
}

export function estimatesOf(job: JobRecord): JobEstimates {
  const pace = paceOf(job.progress);
  const { totalSteps, step, memoryLimitBytes, endedMs } = job;
  const runs = endedMs === null;
  return {
    stepsPerSecond: pace?.rate,
    timeLeftMs: runs && pace !== null && totalSteps !== null ? timeFor(totalSteps - step, pace) : undefined,
    outOfMemoryInMs: runs && memoryLimitBytes !== null ? outOfMemoryIn(job.memory, memoryLimitBytes) : undefined,
  };
}

export function figuresOf(job: JobRecord, estimates: JobEstimates, nowMs: number): JobFigures {
  const { endedMs, memoryBytes, memoryLimitBytes } = job;
  const since = (timeMs: number): number => (endedMs === null ? Math.max(0, nowMs - timeMs) : 0);
  const latest = (times: readonly number[], windowMs: number): number =>
    times.filter((timeMs) => timeMs > nowMs - windowMs).length;
  return {
    ...estimates,
    reports: job.reports,
    withoutProgressMs: since(job.progressedMs),
    runningMs: since(job.startedMs),
    hasFailed: job.failed,
    ranOutOfMemory: job.ranOutOfMemory,
    memoryReports: job.memoryReports,
    memoryRatio: memoryBytes === null || memoryLimitBytes === null ? undefined : memoryBytes / memoryLimitBytes,
    loss: job.loss ?? undefined,
    checkpointFailures: (windowMs) => latest(job.checkpointFailedMs, windowMs),
    restarts: (windowMs) => latest(job.restartedMs, windowMs),
  };
}
