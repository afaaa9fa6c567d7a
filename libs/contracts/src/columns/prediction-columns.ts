import type { Prediction } from '../gen/moola/v1/telemetry_pb.js';
import { longestText } from '../longest-text.js';
import { column, type Column } from './column.js';

/** What the doors know of a column whose values come from a field of `Prediction`. */
export interface TakenColumn {
  /** The field, as the generated code names it. Its class and its number are those of `telemetry.proto`. */
  readonly from: Exclude<keyof Prediction, '$typeName' | '$unknown'>;
  /** Of a text. */
  readonly longest: number;
  /** Said where it is missing; absent: it may be. */
  readonly example?: string;
  /**
   * Whether the join holds it until the outcome comes: of every prediction, of those that answer by a class or by a number,
   * of those by a class that state it, or of models whose definition asks for it (`labelledWith`, `features`).
   */
  readonly held?: 'always' | 'class' | 'value' | 'stated' | 'asked';
}

function taken<C extends Column, const M extends Partial<TakenColumn> = object>(
  from: TakenColumn['from'],
  columnOfIt: C,
  more?: M,
): C & TakenColumn & M {
  return { ...columnOfIt, from, longest: longestText.name, ...(more as M) };
}

/**
 * Columns of a prediction. What stands here is taken in at the doors, written and read; the message is
 * `PredictionColumns`. Limits of numbers are those of the kind of event (`event-kinds/prediction.ts`).
 */
export const predictionColumns = {
  /** Identity for deduplication is (source, id); a version answers an input once. */
  id: column('unique', 'ids'),
  source: column('text', 'sources'),
  model: taken('model', column('text', 'models'), { example: 'churn', held: 'always' }),
  version: taken('version', column('text', 'versions'), { example: 'v7', held: 'always' }),
  build: taken('build', column('text', 'builds')),
  role: taken('role', column('role', 'roles'), { held: 'always' }),
  input: taken('input', column('run', 'inputs'), { longest: longestText.input, example: 'order-1' }),
  /** When it was made, milliseconds since the epoch. */
  timeMs: taken('time', column('time', 'timesMs'), { held: 'always' }),
  /** Empty for a regression. */
  class: taken('class', column('text', 'classes'), { held: 'class' }),
  /** The numbers below are `NaN` where absent. */
  score: taken('score', column('number', 'scores'), { held: 'class' }),
  latencyMs: taken('latencyMs', column('number', 'latenciesMs'), { held: 'asked' }),
  costUsd: taken('costUsd', column('number', 'costsUsd'), { held: 'asked' }),
  value: taken('value', column('number', 'values'), { held: 'value' }),
  /** Empty when the model answered. */
  error: taken('error', column('text', 'errors'), { longest: longestText.text }),
  segments: taken('segments', column('segments', 'segments'), { held: 'always' }),
  arm: taken('experimentArm', column('text', 'arms'), { held: 'asked' }),
  features: taken('features', column('features', 'features'), { held: 'asked' }),
  /** Who or what an experiment assigns to an arm, and whose inputs depend on each other. */
  unit: taken('unit', column('text', 'units'), { longest: longestText.input, held: 'asked' }),
  /** Of a model of several classes, how probable it holds each. */
  probabilities: taken('probabilities', column('probabilities', 'probabilities'), { held: 'stated' }),
} as const;
