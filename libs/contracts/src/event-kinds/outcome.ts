import { defaultDoorHorizonMs } from '../door-horizons.js';
import { measured } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

export const outcome = {
  horizonMs: defaultDoorHorizonMs,
  numbers: { value: measured },
} as const satisfies EventKind<'outcome'>;
