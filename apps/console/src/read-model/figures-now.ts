import { shownWindowMs } from '@moola/metrics/subject-metric';
import type { InstanceView, JobSummaryView, MeasurementView } from './subject-views.js';

/*
 * The tracker publishes the figures of a job or an instance when it hears of it, and when its state changes. What time alone
 * changes is brought up to the environment's time here: a job that no longer reports goes on making no progress.
 */

const minuteMs = 60_000;

/** A training job with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function jobNow<J extends JobSummaryView>(job: J, clockMs: number | null): J {
  if (clockMs === null) return job;
  return {
    ...job,
    figures: job.figures.map((figure) =>
      figure.value === null ? figure : { ...figure, value: jobFigureNow(job, figure.metric, figure.value, clockMs) },
    ),
  };
}

/** An instance with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function instanceNow(instance: InstanceView, clockMs: number | null): InstanceView {
  if (clockMs === null) return instance;
  return {
    ...instance,
    figures: instance.figures.map((figure) =>
      figure.value === null
        ? figure
        : { ...figure, value: instanceFigureNow(instance, figure.metric, figure.value, clockMs) },
    ),
  };
}

/** A measurement with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function measurementNow(measurement: MeasurementView, clockMs: number | null): MeasurementView {
  if (clockMs === null) return measurement;
  const { heardMs, figures } = measurement;
  const value = minutesSince(heardMs, clockMs);
  return {
    ...measurement,
    figures: figures.map((figure) => (figure.metric === 'measurement_silent' ? { ...figure, value } : figure)),
  };
}

/** A figure of a training job, in the metric's unit. @param value as it was published */
function jobFigureNow(job: JobSummaryView, metric: string, value: number, clockMs: number): number {
  const { startedMs, progressedMs, heardMs, endedMs } = job;
  switch (metric) {
    case 'job_without_progress':
      return endedMs === null ? minutesSince(progressedMs, clockMs) : value;
    case 'job_duration':
      return endedMs === null ? minutesSince(startedMs, clockMs) : value;
    case 'job_checkpoint_failures':
    case 'job_restarts':
      return clockMs - heardMs < shownWindowMs.job ? value : 0;
    default:
      return value;
  }
}

/** A figure of an instance, in the metric's unit. @param value as it was published */
function instanceFigureNow({ heardMs }: InstanceView, metric: string, value: number, clockMs: number): number {
  return metric === 'instance_silence' ? minutesSince(heardMs, clockMs) : value;
}

function minutesSince(timeMs: number, clockMs: number): number {
  return Math.max(0, clockMs - timeMs) / minuteMs;
}
