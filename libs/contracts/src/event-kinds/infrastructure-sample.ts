import { presentHorizonMs } from '../door-horizons.js';
import { bytes, share, within } from '../number-limits.js';
import type { EventKind } from './event-kind.js';

export const infrastructureSample = {
  horizonMs: presentHorizonMs,
  numbers: {
    cpuRatio: share,
    memoryBytes: bytes,
    memoryLimitBytes: bytes,
    memoryRatio: share,
    gpuRatio: share,
    gpuMemoryRatio: share,
    diskRatio: share,
    networkBytesPerSecond: within(0, 2 ** 53 - 1, ' bytes a second'),
  },
} as const satisfies EventKind<'infrastructureSample'>;
