import { presentHorizonMs } from '../door-horizons.js';
import { bytes, measured, whole } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

export const trainingProgress = {
  horizonMs: presentHorizonMs,
  numbers: { step: whole, totalSteps: whole, loss: measured, memoryBytes: bytes, memoryLimitBytes: bytes },
} as const satisfies EventKind<'trainingProgress'>;
