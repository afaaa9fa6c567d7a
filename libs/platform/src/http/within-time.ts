import type { Clock } from '@moola/streams/ports/clock';

/** Works with a signal that aborts after so long. */
export async function withinTime<T>(
  clock: Pick<Clock, 'after'>,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const cancel = clock.after(timeoutMs, () => timeout.abort());
  try {
    return await work(timeout.signal);
  } finally {
    cancel();
  }
}
