import { defaultDoorHorizonMs } from '../door-horizons.js';
import { share } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

export const deployment = {
  horizonMs: defaultDoorHorizonMs,
  numbers: { weight: share },
} as const satisfies EventKind<'deployment'>;
