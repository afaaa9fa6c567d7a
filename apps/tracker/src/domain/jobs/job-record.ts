import type { TrainingProgress } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { addPoint, dropBefore, type Points } from '../subjects/spaced-points.js';

/** What is kept of a training job. Plain data: JSON keeps it. Times are those of its reports, milliseconds. */
export interface JobRecord {
  startedMs: number;
  /** Of its latest report. */
  heardMs: number;
  /** When its step changed last. */
  progressedMs: number;
  /** `null` while it runs. */
  endedMs: number | null;
  failed: boolean;
  step: number;
  /** `null` where nobody said it, and where it was less than the step. */
  totalSteps: number | null;
  reports: number;
  memoryReports: number;
  late: number;
  /** How often it went on from an earlier step, and when: the latest 32. */
  restarts: number;
  restartedMs: number[];
  checkpointsSaved: number;
  checkpointsFailed: number;
  /** When the latest 32 failed. */
  checkpointFailedMs: number[];
  /** When the latest was saved. */
  checkpointMs: number | null;
  outOfMemory: number;
  /** It has run out of memory since it began or began again. */
  ranOutOfMemory: boolean;
  loss: number | null;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  /** Steps over time. */
  progress: Points;
  /** Memory over time. */
  memory: Points;
  /** Loss over steps. */
  losses: Points;
}

/** How far back steps and memory are looked at. */
export const recentMs = 1_800_000;
/** Of reports that are rarer, so many are looked at. */
const fewest = 8;
const most = { progress: 32, memory: 32, losses: 64, times: 32 } as const;

export function newJob(timeMs: number): JobRecord {
  return {
    ...{ startedMs: timeMs, heardMs: timeMs, progressedMs: timeMs, endedMs: null, failed: false },
    ...{ step: 0, totalSteps: null, reports: 0, memoryReports: 0, late: 0 },
    ...{ restarts: 0, restartedMs: [], outOfMemory: 0, ranOutOfMemory: false },
    ...{ checkpointsSaved: 0, checkpointsFailed: 0, checkpointFailedMs: [], checkpointMs: null },
    ...{ loss: null, memoryBytes: null, memoryLimitBytes: null, progress: [], memory: [], losses: [] },
  };
}

/** Takes a report of a job: semantics.md, "Training jobs". */
export function observeProgress(job: JobRecord, report: TrainingProgress, timeMs: number): void {
  const step = Number(report.step);
  const isFirst = job.reports === 0;
  const isLate = !isFirst && (timeMs < job.heardMs || (timeMs === job.heardMs && step < job.step));
  if (!isLate && !isFirst && goesOn(job, report, step)) goOn(job, step, timeMs);
  takeEvents(job, report, timeMs);
  if (isLate) {
    job.late++;
    return;
  }
  job.reports++;
  job.heardMs = timeMs;
  if (isFirst || step !== job.step) job.progressedMs = timeMs;
  job.step = step;
  if (report.totalSteps !== undefined) job.totalSteps = Number(report.totalSteps);
  if (job.totalSteps !== null && (job.totalSteps < step || job.totalSteps === 0)) job.totalSteps = null;
  add(job.progress, timeMs, step, most.progress);
  if (report.loss !== undefined) takeLoss(job, step, report.loss);
  takeMemory(job, report, timeMs);
  if (report.state === 'finished' || report.state === 'failed') {
    job.endedMs = timeMs;
    job.failed = report.state === 'failed';
  }
}

/** A step that is smaller than one before is a restart; another step after the end is one too. */
function goesOn(job: JobRecord, { state }: TrainingProgress, step: number): boolean {
  if (step < job.step) return true;
  return job.endedMs !== null && step !== job.step && state !== 'finished' && state !== 'failed';
}

/** From an earlier step, or after it had ended: what was measured of its pace and its memory no longer counts. */
function goOn(job: JobRecord, step: number, timeMs: number): void {
  job.restarts++;
  remember(job.restartedMs, timeMs);
  if (job.endedMs !== null) job.startedMs = timeMs;
  job.endedMs = null;
  job.failed = false;
  job.ranOutOfMemory = false;
  job.progress = [];
  job.memory = [];
  job.losses = job.losses.filter(([at]) => at < step);
}

/** What happened counts whenever it is heard of. */
function takeEvents(job: JobRecord, { checkpoint, outOfMemory }: TrainingProgress, timeMs: number): void {
  if (checkpoint === 'saved') {
    job.checkpointsSaved++;
    job.checkpointMs = Math.max(job.checkpointMs ?? timeMs, timeMs);
  }
  if (checkpoint === 'failed') {
    job.checkpointsFailed++;
    remember(job.checkpointFailedMs, timeMs);
  }
  if (outOfMemory) {
    job.outOfMemory++;
    // Of a run before the latest restart it says nothing about this one.
    if (timeMs >= (job.restartedMs.at(-1) ?? timeMs)) job.ranOutOfMemory = true;
  }
}

function takeLoss(job: JobRecord, step: number, loss: number): void {
  job.loss = loss;
  const last = job.losses.at(-1);
  if (last?.[0] === step) last[1] = loss;
  else addPoint(job.losses, step, loss, most.losses);
}

function takeMemory(job: JobRecord, { memoryBytes, memoryLimitBytes }: TrainingProgress, timeMs: number): void {
  if (memoryLimitBytes !== undefined) job.memoryLimitBytes = memoryLimitBytes === 0 ? null : memoryLimitBytes;
  if (memoryBytes === undefined) return;
  job.memoryBytes = memoryBytes;
  job.memoryReports++;
  add(job.memory, timeMs, memoryBytes, most.memory);
}

function add(points: Points, timeMs: number, value: number, kept: number): void {
  addPoint(points, timeMs, value, kept);
  dropBefore(points, timeMs - recentMs, fewest);
}

function remember(times: number[], timeMs: number): void {
  times.push(timeMs);
  times.sort((a, b) => a - b);
  if (times.length > most.times) times.shift();
}
