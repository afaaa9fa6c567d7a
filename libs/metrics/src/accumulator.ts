import type { TaskType } from './task-type.js';

/**
 * Which rows a sum is made of: predictions by their own time; labels by when they became known; `scores`: those labels whose
 * prediction states its score, apart since most versions have none.
 */
export type Feed = 'traffic' | LabelFeed;
export type LabelFeed = 'labels' | 'scores';

/**
 * How a field is summed, exactly and in any order:
 * `count`: whole numbers that stay below 2⁵³;
 * `wide`: whole terms below 2⁵³ whose sum may pass it;
 * `exact`: fractional and signed numbers;
 * `quantiles`: values in bins of equal relative width;
 * `cells`: how often each of many things occurred, by its number: most did not.
 */
export type FieldKind = 'count' | 'wide' | 'exact' | 'quantiles' | 'cells';

/** One sum. Metrics read it by this object, whichever buckets it stands in. */
export interface Field<K extends FieldKind = FieldKind> {
  readonly name: string;
  readonly feed: Feed;
  readonly kind: K;
  /** Its number among all fields, from 0: not kept anywhere. */
  readonly number: number;
}

/** What a prediction is counted by. Numbers are `NaN` where absent. */
export interface CountedPrediction {
  /** Empty when the model answered. */
  readonly error: string;
  readonly latencyMs: number;
  readonly costUsd: number;
}

/** What a label is counted by. */
export interface CountedLabel {
  /** What was answered; empty where that is a number. */
  readonly class: string;
  readonly truth: string;
  /** What was answered where that is a number; `NaN` else. */
  readonly value: number;
  readonly truthValue: number;
  /** Milliseconds since the epoch, as `knownAtMs`. */
  readonly predictedAtMs: number;
  readonly knownAtMs: number;
  /** Of a binary model the probability of the positive class, of others that of the answer, in [0, 1]; `NaN` where none is stated. */
  readonly score: number;
  /** Of a model of several classes the probability of each; empty where they are not stated. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** What an accumulator must know of the model. */
export interface CountedModel {
  readonly task: TaskType;
  readonly positiveClass: string;
  /** The number of a class, below `mostClasses`: its own, or that of all that came after so many. */
  classIndex(name: string): number;
}

/** The sums of one bucket or window, as an accumulator adds to them. A field is named by its place there. */
export interface Sums {
  readonly rows: { readonly values: Float64Array };
  addWide(row: number, place: number, term: number): void;
  addExact(row: number, place: number, term: number): void;
  addValue(row: number, place: number, value: number): void;
  /** @param cell below 65,536 */
  addCell(row: number, place: number, cell: number): void;
}

export type CountOf<Counted> = (sums: Sums, row: number, counted: Counted, model: CountedModel) => void;

/** Sums that belong together, and how a row is added to them. */
export interface Accumulator<Counted = CountedPrediction | CountedLabel> {
  /** Kept in checkpoints: never used for another one. */
  readonly id: number;
  readonly name: string;
  readonly feed: Feed;
  /** The tasks whose models need it. */
  readonly tasks: readonly TaskType[];
  /** In the order in which they are kept. */
  readonly fields: readonly Field[];
  /** @param placeOf where a field stands in a row of the sums: asked once for each kind of buckets */
  counter(placeOf: (field: Field) => number): CountOf<Counted>;
}

export type TrafficAccumulator = Accumulator<CountedPrediction> & { readonly feed: 'traffic' };
export type LabelAccumulator = Accumulator<CountedLabel> & { readonly feed: 'labels' };
export type ScoreAccumulator = Accumulator<CountedLabel> & { readonly feed: 'scores' };

let fields = 0;

/** Declares one sum of an accumulator. */
export function field<K extends FieldKind>(feed: Feed, kind: K, name: string): Field<K> {
  return { name, feed, kind, number: fields++ };
}
