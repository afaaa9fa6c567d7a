/**
 * Wall time, injected: it decides when a task saves and when a ticker writes, never what a processor computes.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs once after a delay. The answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Resolves after a delay. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
