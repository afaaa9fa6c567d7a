import { column } from './column.js';

/** Columns of a prediction. What stands here is read, written and taken in at the doors; the message is `PredictionColumns`. */
export const predictionColumns = {
  /** Identity for deduplication is (source, id); a version answers an input once. */
  id: column('unique', 'ids'),
  source: column('text', 'sources'),
  model: column('text', 'models'),
  version: column('text', 'versions'),
  build: column('text', 'builds'),
  role: column('role', 'roles'),
  input: column('run', 'inputs'),
  /** When it was made, milliseconds since the epoch. */
  timeMs: column('time', 'timesMs'),
  /** Empty for a regression. */
  class: column('text', 'classes'),
  /** The numbers below are `NaN` where absent. */
  score: column('number', 'scores'),
  latencyMs: column('number', 'latenciesMs'),
  costUsd: column('number', 'costsUsd'),
  value: column('number', 'values'),
  /** Empty when the model answered. */
  error: column('text', 'errors'),
  segments: column('segments', 'segments'),
  arm: column('text', 'arms'),
  features: column('features', 'features'),
} as const;
