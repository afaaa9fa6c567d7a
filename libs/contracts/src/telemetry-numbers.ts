/**
 * What each number of an event may be: one table for every door, beside the kinds of events (`telemetry.proto`). Every sum
 * that is kept of them is exact for any number of events within these limits (`@moola/windows/wide-sums`).
 */
export interface NumberLimits {
  readonly least: number;
  readonly most: number;
  /** Said after the limits in a refusal, such as ` US dollars`. */
  readonly unit: string;
}

const within = (least: number, most: number, unit = ''): NumberLimits => ({ least, most, unit });

/** A measured value of any kind: its square is still far from the largest number. */
const measured = within(-1e30, 1e30);
const bytes = within(0, 2 ** 53 - 1, ' bytes');

export const numberLimits = {
  prediction: {
    value: measured,
    score: within(0, 1),
    /** One day. A latency in micro- or nanoseconds is mostly above it, and would be believed otherwise. */
    latencyMs: within(0, 86_400_000, ' milliseconds (one day)'),
    costUsd: within(0, 1_000_000, ' US dollars'),
    features: measured,
  },
  outcome: { value: measured },
  deployment: { weight: within(0, 1) },
  trainingProgress: {
    /** Whole; larger ones are not exact in a number. */
    step: within(0, 2 ** 53 - 1),
    totalSteps: within(0, 2 ** 53 - 1),
    loss: measured,
    memoryBytes: bytes,
    memoryLimitBytes: bytes,
  },
  infrastructureSample: {
    cpuRatio: within(0, 1),
    memoryBytes: bytes,
    memoryLimitBytes: bytes,
    memoryRatio: within(0, 1),
    gpuRatio: within(0, 1),
    gpuMemoryRatio: within(0, 1),
    diskRatio: within(0, 1),
    networkBytesPerSecond: within(0, 2 ** 53 - 1, ' bytes a second'),
  },
} as const;

/** Whether a number may be counted: what came before a limit was set may be beyond it. `NaN`, absent, may. */
export function isWithin(value: number, { least, most }: NumberLimits): boolean {
  return !(value < least || value > most);
}

/** How large `Outcome.revision` may be: it has 32 bits. */
export const mostRevision = 0xffffffff;
