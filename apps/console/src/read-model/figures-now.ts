import { shownWindowMs } from '@moola/metrics/subject-metric';
import type { FigureView } from './figure-view.js';
import type { InstanceView, JobSummaryView, MeasurementView } from './subject-views.js';

/*
 * The tracker publishes the figures of a job or an instance when it hears of it, and when its state changes. What time alone
 * changes is brought up to the environment's time here: a job that no longer reports goes on making no progress.
 */

const minuteMs = 60_000;

/** A training job with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function jobNow<J extends JobSummaryView>(job: J, clockMs: number | null): J {
  if (clockMs === null) return job;
  return { ...job, figures: figuresNow(job.figures, (metric, value) => jobFigureNow(job, metric, value, clockMs)) };
}

/** An instance with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function instanceNow(instance: InstanceView, clockMs: number | null): InstanceView {
  if (clockMs === null) return instance;
  return { ...instance, figures: sinceHeard(instance, 'instance_silence', clockMs) };
}

/** A measurement with its figures as they are now. @param clockMs of the environment; `null` before it has one */
export function measurementNow(measurement: MeasurementView, clockMs: number | null): MeasurementView {
  if (clockMs === null) return measurement;
  return { ...measurement, figures: sinceHeard(measurement, 'measurement_silent', clockMs) };
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

/** Figures of which only the time since it was heard of changes with time. @param silence the metric of that */
function sinceHeard({ heardMs, figures }: InstanceView | MeasurementView, silence: string, clockMs: number) {
  return figuresNow(figures, (metric, value) => (metric === silence ? minutesSince(heardMs, clockMs) : value));
}

function figuresNow(figures: readonly FigureView[], now: (metric: string, value: number) => number): FigureView[] {
  return figures.map((figure) =>
    figure.value === null ? figure : { ...figure, value: now(figure.metric, figure.value) },
  );
}

function minutesSince(timeMs: number, clockMs: number): number {
  return Math.max(0, clockMs - timeMs) / minuteMs;
}
