import type { Fraction } from './fraction.js';
import type { Measured, MetricFacts } from './metric.js';

/** What an alert can be about beside a version: the kinds of `moola.v1.SubjectKind`, as definitions name them. */
export const subjectNames = ['job', 'instance', 'measurement'] as const;
export type SubjectName = (typeof subjectNames)[number];

/** A value that is estimated, with its 95 % interval as far as there is one. */
export interface Estimated {
  readonly value: number;
  readonly lower?: number;
  /** Absent beside `lower`: no end in sight. */
  readonly upper?: number;
}

export interface MeasuredSubject extends Measured {
  readonly lower?: number;
  readonly upper?: number;
}

/** A training job at an instant, as metrics read it. Durations are milliseconds. */
export interface JobFigures {
  /** How many reports of it were used. */
  readonly reports: number;
  /** Since its step changed last; 0 once it has ended. */
  readonly withoutProgressMs: number;
  /** Since it was first heard of; 0 once it has ended. */
  readonly runningMs: number;
  readonly hasFailed: boolean;
  /** It has run out of memory since it began or began again. */
  readonly ranOutOfMemory: boolean;
  readonly stepsPerSecond: Estimated | undefined;
  /** Absent where the number of steps or the rate is not known. */
  readonly timeLeftMs: Estimated | undefined;
  /** How many reports of memory are at hand. */
  readonly memoryReports: number;
  /** Memory ÷ limit; absent where either is not known. */
  readonly memoryRatio: number | undefined;
  /** Absent where memory does not grow. */
  readonly outOfMemoryInMs: Estimated | undefined;
  readonly loss: number | undefined;
  checkpointFailures(windowMs: number): number;
  restarts(windowMs: number): number;
}

/** What samples of an instance say; ratios lie in [0, 1]. */
export const instanceFields = [
  ...(['cpu', 'memory', 'memoryBytes', 'gpu', 'gpuMemory', 'networkBytesPerSecond', 'disk'] as const),
] as const;
export type InstanceField = (typeof instanceFields)[number];

/** An instance at an instant, as metrics read it. */
export interface InstanceFigures {
  readonly samples: number;
  /** Since it was heard of last. */
  readonly silentMs: number;
  /** The mean of the samples of the latest `windowMs`. */
  mean(field: InstanceField, windowMs: number): Measured;
}

/** The values of a measurement in a window. */
export interface MeasurementWindow {
  readonly count: number;
  readonly sum: Fraction;
  /** Of no meaning without values, as `maximum`. */
  readonly minimum: number;
  readonly maximum: number;
}

/** What was measured under one name, at an instant, as metrics read it. */
export interface MeasurementFigures {
  /** How many values were counted so far. */
  readonly values: number;
  /** Since the latest value. */
  readonly silentMs: number;
  readonly last: number | undefined;
  over(windowMs: number): MeasurementWindow;
}

export interface FiguresOf {
  readonly job: JobFigures;
  readonly instance: InstanceFigures;
  readonly measurement: MeasurementFigures;
}

/** A metric of a job, an instance or a measurement. */
export interface SubjectMetric<S extends SubjectName = SubjectName> extends MetricFacts {
  readonly subject: S;
  /** As Prometheus names it, where its own name would look like a part of a histogram. */
  readonly exposedAs?: string;
  /** It is read over a rule's window; else it is what it is at the instant, and a window says nothing. */
  readonly ofWindow: boolean;
  readonly measure: (figures: FiguresOf[S], windowMs: number) => MeasuredSubject;
}

/** @param figures of the kind of thing that the metric is of */
export function measureSubject<S extends SubjectName>(
  { measure }: SubjectMetric,
  figures: FiguresOf[S],
  windowMs: number,
): MeasuredSubject {
  return (measure as (figures: FiguresOf[S], windowMs: number) => MeasuredSubject)(figures, windowMs);
}

/** The longest window of a rule on a metric of each. */
export const longestWindowMs: Readonly<Record<SubjectName, number>> = {
  job: 86_400_000,
  instance: 900_000,
  measurement: 86_400_000,
};

/** Over which the tracker publishes figures that are read over a window. */
export const shownWindowMs: Readonly<Record<SubjectName, number>> = {
  job: 3_600_000,
  instance: 60_000,
  measurement: 3_600_000,
};

const minuteMs = 60_000;

/** An estimate of a duration, in minutes. */
export function inMinutes(estimate: Estimated, samples: number): MeasuredSubject {
  const { value, lower, upper } = estimate;
  return {
    ...{ value: value / minuteMs, samples },
    ...(lower !== undefined && { lower: lower / minuteMs }),
    ...(upper !== undefined && { upper: upper / minuteMs }),
  };
}
