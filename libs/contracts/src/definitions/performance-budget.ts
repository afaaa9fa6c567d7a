import { nearest } from './nearest.js';

/** What a model must keep to. A limit that is `null` leaves its line out. */
export interface PerformanceLimits {
  /**
   * As its events name it.
   * @default 'SimpleLSTM', the model that these limits were first written for
   */
  readonly model?: string;
  /** The gate: it decides whether a version is good. 0 to 1. @default 0.80 */
  readonly minAccuracy?: number | null;
  /** 0 to 1. @default 0.75 */
  readonly minPrecision?: number | null;
  /** 0 to 1. @default 0.75 */
  readonly minRecall?: number | null;
  /** Of the 95th percentile, milliseconds. @default 50 */
  readonly maxLatencyMs?: number | null;
  /** Mean, US dollars. @default 0.001 */
  readonly maxCostPerPrediction?: number | null;
  /** How far accuracy may fall below that of when the version was known good. 0 to 1. @default 0.05 */
  readonly accuracyDegradationThreshold?: number | null;
  /** How many times the latency of when the version was known good, from 1 on. @default 1.5 */
  readonly latencyIncreaseThreshold?: number | null;
}

/** A line of a budget, as a file of `moola apply` holds it. */
export interface PerformanceLine {
  readonly metric: string;
  readonly below?: number;
  readonly above?: number;
  readonly severity?: 'critical';
  readonly gate?: true;
  readonly minimumSamples: number;
}

/** A `kind: Model`, as a file of `moola apply` holds it; JSON is YAML. */
export interface PerformanceDefinition {
  readonly kind: 'Model';
  readonly name: string;
  readonly budget: { readonly lines: readonly PerformanceLine[] };
}

type Limit = Exclude<keyof PerformanceLimits, 'model'>;
type Side = 'below' | 'above';
type Row = readonly [fallback: number, least: number, most: number, metric: string, side: Side, samples: number];

/** In the order of the lines. */
const limits: Readonly<Record<Limit, Row>> = {
  minAccuracy: [0.8, 0, 1, 'accuracy', 'below', 100],
  minPrecision: [0.75, 0, 1, 'precision', 'below', 30],
  minRecall: [0.75, 0, 1, 'recall', 'below', 30],
  maxLatencyMs: [50, 0, Infinity, 'latency_p95', 'above', 30],
  maxCostPerPrediction: [0.001, 0, Infinity, 'cost_per_prediction', 'above', 30],
  accuracyDegradationThreshold: [0.05, 0, 1, 'accuracy_degradation', 'above', 100],
  latencyIncreaseThreshold: [1.5, 1, Infinity, 'latency_increase', 'above', 30],
};
const names = Object.keys(limits) as readonly Limit[];

/**
 * The definition of a model with this budget. The Python client makes the same (`moola.performance_budget`); one golden file
 * holds both.
 *
 * @throws {RangeError} a limit is out of its range, or there is none.
 * @throws {TypeError} a field is misspelt.
 */
export function PerformanceBudget(given: PerformanceLimits = {}): PerformanceDefinition {
  for (const key of Object.keys(given)) {
    if (key === 'model' || names.some((name) => name === key)) continue;
    const meant = nearest(key, names);
    throw new TypeError(`${key} is no limit${meant === null ? '' : `: did you mean ${meant}?`}`);
  }
  const lines = names.flatMap((name) => lineOf(name, given[name]));
  if (lines.length === 0) throw new RangeError('a budget needs one line at least: every limit is null');
  return { kind: 'Model', name: given.model ?? 'SimpleLSTM', budget: { lines } };
}

function lineOf(name: Limit, given: number | null | undefined): PerformanceLine[] {
  const [fallback, least, most, metric, side, minimumSamples] = limits[name];
  if (given === null) return [];
  const limit = given ?? fallback;
  if (typeof limit !== 'number' || !Number.isFinite(limit) || limit < least || limit > most) {
    const bounds = most === Infinity ? `from ${least} on` : `from ${least} to ${most}`;
    throw new RangeError(`${name} is ${String(limit)}: expected a number ${bounds}`);
  }
  const gate = name === 'minAccuracy' ? ({ severity: 'critical', gate: true } as const) : {};
  return [{ metric, [side]: limit, ...gate, minimumSamples }];
}
