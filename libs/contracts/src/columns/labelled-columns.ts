import { column, wordColumn } from './column.js';

/** Columns of a labelled prediction; the message is `LabelledColumns`. */
export const labelledColumns = {
  input: column('run', 'inputs'),
  model: column('text', 'models'),
  version: column('text', 'versions'),
  role: column('role', 'roles'),
  predictedAtMs: column('number', 'predictedAtMs'),
  knownAtMs: column('time', 'knownAtMs'),
  /** Empty where the answer is a number, as `truth`. */
  class: column('text', 'classes'),
  truth: column('text', 'truths'),
  score: column('number', 'scores'),
  /** `new`: first time; `repeated`: counted before, here so that pairs are complete; `corrected`: the truth changed. */
  freshness: wordColumn('freshness', ['new', 'repeated', 'corrected']),
  /** The truth that a correction replaces; empty otherwise. */
  previousTruth: column('text', 'previousTruths'),
  /** Counts up at each outcome within a task. */
  group: column('number', 'groups'),
  segments: column('segments', 'segments'),
  /** `NaN` where the answer is a class, as `truthValue`. */
  value: column('number', 'values'),
  truthValue: column('number', 'truthValues'),
  /** Of a model of several classes, how probable it held each. */
  probabilities: column('probabilities', 'probabilities'),
  /** Those below are absent unless the model's definition asks for them (`labelledWith`). */
  latencyMs: column('number', 'latenciesMs'),
  costUsd: column('number', 'costsUsd'),
  arm: column('text', 'arms'),
  unit: column('text', 'units'),
  /** Those that the definition names (`features`). */
  features: column('features', 'features'),
} as const;
