import type { Original } from './submitted-event.js';
import type { Refused } from './refused.js';

/** A refused event, or a record or body that could not be read at all. */
export interface RefusedRecord {
  readonly original: Original;
  readonly refused: Refused;
  /** When it was refused, milliseconds since the epoch. */
  readonly atMs: number;
  /** The door: "http", "telemetry". */
  readonly origin: string;
  /** Where the original stands; empty if nowhere. The same bytes in two places are two letters. */
  readonly place: string;
}
