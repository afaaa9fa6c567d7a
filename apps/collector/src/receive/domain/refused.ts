/** Why an event was not taken. */
export type RefusedReason = 'malformed' | 'invalid-field' | 'time-out-of-range' | 'too-many-models';

/** An event that was not taken: what is wrong, where, and what to do. */
export interface Refused {
  readonly reason: RefusedReason;
  /** Path of the field, such as `prediction.latencyMs`; empty when the event as a whole is meant. */
  readonly field: string;
  /** What is wrong with it, and what would be right. */
  readonly detail: string;
}
