import { seededRandom } from './random.js';
import type { EventJson } from './simulated-model.js';

/** A made-up training job. */
export interface SimulatedJob {
  readonly model: string;
  readonly job: string;
  /** It makes no step for the last 35 minutes. */
  readonly stalls: boolean;
  /** Its memory grows, and reaches the limit 10 minutes from now. */
  readonly leaks: boolean;
  /** Its checkpoints of the last 45 minutes fail. */
  readonly failsCheckpoints: boolean;
  /** It has been running for more than four hours. */
  readonly isLong: boolean;
  readonly seed: number;
}

const minuteMs = 60_000;
export const reportEveryMs = minuteMs;
const stepsAMinute = 100;
const checkpointEveryMs = 10 * minuteMs;
const limitBytes = 16e9;
const soundBytes = 6e9;
const leakMs = 30 * minuteMs;
const runsOutInMs = 10 * minuteMs;

/** How long ago it began. */
export function trainedForMs({ isLong }: SimulatedJob): number {
  return (isLong ? 250 : 120) * minuteMs;
}

/** What a job reports, as a function of time: the same for the same seed, now and job. */
export class JobSimulation {
  private readonly random: () => number;
  private readonly beganMs: number;

  /** @param nowMs when the history ends */
  constructor(
    private readonly job: SimulatedJob,
    private readonly nowMs: number,
  ) {
    this.random = seededRandom(job.seed);
    this.beganMs = nowMs - trainedForMs(job);
  }

  /** The reports of the past, in order. */
  history(): EventJson[] {
    const reports: EventJson[] = [];
    for (let timeMs = this.beganMs; timeMs <= this.nowMs; timeMs += reportEveryMs) reports.push(this.report(timeMs));
    return reports;
  }

  report(timeMs: number): EventJson {
    const { model, job, stalls, leaks } = this.job;
    const stalledMs = stalls ? Math.min(timeMs, this.nowMs - 35 * minuteMs) : timeMs;
    const step = Math.floor(((stalledMs - this.beganMs) / minuteMs) * stepsAMinute);
    const leaked = leaks ? Math.max(0, timeMs - (this.nowMs - leakMs)) / (leakMs + runsOutInMs) : 0;
    const memoryBytes = Math.min(limitBytes, soundBytes + leaked * (limitBytes - soundBytes) + 1e8 * this.random());
    const trainingProgress = {
      ...{ model, job, time: new Date(timeMs).toISOString(), step, totalSteps: 100_000, state: 'running' },
      loss: Number((2.3 / (1 + step / 1500) + 0.02 * this.random()).toFixed(4)),
      ...{ memoryBytes: Math.round(memoryBytes), memoryLimitBytes: limitBytes },
      ...this.checkpoint(timeMs),
    };
    return { source: 'moola simulate', trainingProgress };
  }

  private checkpoint(timeMs: number): { checkpoint?: string } {
    const sinceMs = timeMs - this.beganMs;
    if (sinceMs === 0 || sinceMs % checkpointEveryMs !== 0) return {};
    const fails = this.job.failsCheckpoints && timeMs > this.nowMs - 45 * minuteMs;
    return { checkpoint: fails ? 'failed' : 'saved' };
  }
}
