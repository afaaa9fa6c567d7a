import { defaultDoorHorizonMs } from '../door-horizons.js';
import { measured, share, within } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

export const prediction = {
  horizonMs: defaultDoorHorizonMs,
  numbers: {
    value: measured,
    score: share,
    /** One day. A latency in micro- or nanoseconds is mostly above it, and would be believed otherwise. */
    latencyMs: within(0, 86_400_000, ' milliseconds (one day)'),
    costUsd: within(0, 1_000_000, ' US dollars'),
    features: measured,
    probabilities: share,
  },
} as const satisfies EventKind<'prediction'>;
