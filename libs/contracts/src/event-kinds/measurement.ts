import { measured } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

const day = 24 * 3_600_000;

export const measurement = {
  /** Exported each night, or after a long weekend. */
  horizonMs: 7 * day,
  numbers: { value: measured },
} as const satisfies EventKind<'measurement'>;
