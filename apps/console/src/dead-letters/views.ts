/** What the API answers of dead letters: plain JSON, times in milliseconds since the epoch. */

export type DeadLetterReasonName = 'unspecified' | 'malformed' | 'invalid-field' | 'time-out-of-range' | 'poison';

export interface DeadLetterView {
  readonly id: string;
  /** When it came last. */
  readonly atMs: number;
  /** How often the very same bytes came from this origin. */
  readonly times: number;
  /** `http`, `telemetry`, or the processor that could not apply it. */
  readonly origin: string;
  readonly reason: DeadLetterReasonName;
  /** What, where, and what to do. */
  readonly detail: string;
  /** `json`, `protobuf`, `row`, … */
  readonly encoding: string;
  /** Of the original, in bytes. */
  readonly size: number;
}

export interface DeadLetterPageView {
  /** All that are known, on whichever page. */
  readonly total: number;
  /** Newest first. */
  readonly deadLetters: readonly DeadLetterView[];
  /** `before` of the next page; `null` on the last. */
  readonly next: string | null;
}

/** The original, as it came. */
export type PayloadView = { readonly text: string } | { readonly base64: string };

export interface OpenedDeadLetterView extends DeadLetterView {
  readonly payload: PayloadView;
}

/** What became of one event of a payload that was taken in again. */
export interface RetriedEventView {
  /** The event's id, or its place in the payload where it has none: `#3`. */
  readonly event: string;
  readonly accepted: boolean;
  /** Why not; empty when it was accepted. */
  readonly detail: string;
}

export interface RetryView {
  readonly id: string;
  readonly events: readonly RetriedEventView[];
}
