import type { Event, Role } from './gen/moola/v1/telemetry_pb.js';
import type { Refusal } from './gen/moola/v1/rows_pb.js';

/** A prediction as it travels on `intake` and `observations`: validated, its input anonymised where asked for. */
export interface PredictionRow {
  readonly kind: 'prediction';
  /** Identity for deduplication is (source, id); a version answers an input once. */
  readonly id: string;
  readonly source: string;
  readonly model: string;
  readonly version: string;
  readonly build: string;
  readonly role: Role;
  readonly input: string;
  /** When it was made, milliseconds since the epoch. */
  readonly timeMs: number;
  /** Empty for a regression. */
  readonly class: string;
  /** The numbers below are `NaN` where absent. */
  readonly value: number;
  readonly score: number;
  readonly latencyMs: number;
  readonly costUsd: number;
  /** Empty when the model answered. */
  readonly error: string;
  readonly segments: Readonly<Record<string, string>>;
  readonly arm: string;
  readonly features: Readonly<Record<string, number>>;
}

/** Any other event of `telemetry.proto` (outcome, deployment, training progress, infrastructure sample). */
export interface EventRow {
  readonly kind: 'event';
  readonly event: Event;
}

export type IntakeRow = PredictionRow | EventRow;

/**
 * A prediction whose truth is known. When an outcome arrives, all versions' rows for its input follow each other and
 * share `group`, so that pairs stand side by side.
 */
export interface LabelledRow {
  readonly kind: 'labelled';
  readonly model: string;
  readonly version: string;
  readonly role: Role;
  readonly input: string;
  readonly predictedAtMs: number;
  readonly knownAtMs: number;
  /** Empty where the answer is a number, as `truth`. */
  readonly class: string;
  readonly truth: string;
  /** `NaN` where the answer is a class, as `truthValue`. */
  readonly value: number;
  readonly truthValue: number;
  readonly score: number;
  /** `new`: first time; `repeated`: counted before, here so that pairs are complete; `corrected`: the truth changed. */
  readonly freshness: 'new' | 'repeated' | 'corrected';
  /** The truth that a correction replaces; empty otherwise. */
  readonly previousTruth: string;
  /** Counts up at each outcome within a task. */
  readonly group: number;
  readonly segments: Readonly<Record<string, string>>;
}

export interface RefusalRow {
  readonly kind: 'refusal';
  readonly refusal: Refusal;
}

export type ObservationRow = PredictionRow | LabelledRow | EventRow | RefusalRow;
