import type { Feed, Field } from './accumulator.js';
import type { Fraction } from './fraction.js';
import type { TaskType } from './task-type.js';

/**
 * The unit in which definitions and facts give a metric; `value`: that of what the model answers; `index`: a number without one that is no share of anything.
 */
export type MetricUnit =
  'ratio' | 'ms' | 'min' | 'USD' | '1/min' | '1/s' | 'bytes' | 'bytes/s' | 'count' | 'times' | 'value' | 'index';

/** How a value is written for people. `points`: the difference of two percentages. */
export type ShownAs =
  | 'percent'
  | 'points'
  | 'milliseconds'
  | 'minutes'
  | 'dollars'
  | 'a minute'
  | 'a second'
  | 'bytes'
  | 'bytes a second'
  | 'times'
  | 'number';

/** What a ratio is made of: part and whole, whole numbers. */
export type Counted = readonly [part: number, whole: number];

/** One window of one version, as metrics read it. */
export interface WindowFigures {
  readonly windowMs: number;
  count(field: Field<'count'>): number;
  /** Exact below 2⁵³, above it rounded to 53 bits. */
  wide(field: Field<'wide'>): number;
  /** An exact sum as a ratio of whole numbers. */
  exact(field: Field<'exact'>): Fraction;
  /** How many values there are. */
  values(field: Field<'quantiles'>): number;
  /** By nearest rank; `undefined` without values. @param percent above 0, at most 100 */
  percentile(field: Field<'quantiles'>, percent: number): number | undefined;
  /** Visits what occurred, perhaps twice, each time with a count. */
  forEachCell(field: Field<'cells'>, visit: (cell: number, count: number) => void): void;
  /** Figures by metric name when the version last became known good; `null` before. */
  readonly baseline: Readonly<Record<string, number>> | null;
  /** Those of them that are ratios of counts, as such. */
  readonly baselineCounts: Readonly<Record<string, Counted>>;
}

export interface Measured {
  /** Absent without samples. */
  readonly value: number | undefined;
  /** What it rests on, as the metric counts. */
  readonly samples: number;
}

/**
 * A proportion has a score interval (Wilson, 1927), a mean that of its normal approximation, of as many samples as they are
 * worth. Where that comes from: semantics.md, "Interval".
 */
export type Dependence = 'measured in the window' | 'declared' | 'none';

/** What figures rest on, as bits: a figure changes only when that does. */
export const basis = { labels: 1, traffic: 2, both: 3 } as const;
export type Basis = (typeof basis)[keyof typeof basis];

/** What a sum of a feed makes a figure rest on. */
export const basisOf: Readonly<Record<Feed, Basis>> = {
  ...{ labels: basis.labels, scores: basis.labels, traffic: basis.traffic },
};

/** What a metric is like, for definitions, pages and documents. */
export interface MetricFacts {
  /** In definitions and facts, for ever: `latency_p95`. */
  readonly name: string;
  /** As people call it: `Latency P95`. */
  readonly title: string;
  /** What it says, with its formula in words. */
  readonly meaning: string;
  readonly unit: MetricUnit;
  readonly shownAs: ShownAs;
  /** Its limit cannot sensibly be above 1. */
  readonly ratio: boolean;
  /** It may be below 0, and so may a limit. */
  readonly signed?: true;
  /** On which side of a limit it is bad; `null`: on either. */
  readonly worse: 'below' | 'above' | null;
  /** Where the formula is from, if it is not plain counting. */
  readonly source?: string;
}

/** A metric of versions, and how it is measured from a window. */
export interface Metric extends MetricFacts {
  readonly subject?: never;
  /** The models that have it. */
  readonly tasks: readonly TaskType[];
  readonly restsOn: Basis;
  /** One of those that a chart of a model offers. */
  readonly charted?: true;
  /** Below so many samples its value says nothing, and is not given. */
  readonly minimumSamples: number;
  /** Set for those that have an interval: what their samples are worth. */
  readonly dependence?: Dependence;
  /** Set for means that have an interval: the variance of one sample; absent with too few. Proportions need none. */
  readonly variance?: (window: WindowFigures) => number | undefined;
  /** Compares with the figures of when the version was known good, and is unknown before. */
  readonly needsBaseline?: true;
  /** Rests on the window's length beside what it holds. */
  readonly ofLength?: true;
  /** As `measure` gives them; far cheaper where they are too few for a decision. */
  readonly samples: (window: WindowFigures) => number;
  readonly measure: (window: WindowFigures) => Measured;
  /** Set for ratios of counts: what `measure` divides, the whole not 0 where there are samples. */
  readonly counts?: (window: WindowFigures) => Counted;
  /** Set for what is derived otherwise and has an exact value: that, without rounding. */
  readonly exactly?: (window: WindowFigures) => Fraction | undefined;
}

/** Rests on outcomes and has an interval, so that a rule can compare its bound. */
export function hasBounds(metric: Metric | undefined): boolean {
  return metric?.dependence !== undefined && metric.dependence !== 'none';
}
