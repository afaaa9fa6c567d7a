import type { KafkaNotices } from '../kafka-notices.js';
import { isFinal, LogClosedError } from './kafka-error.js';

const firstWaitMs = 20;
const longestWaitMs = 2_000;

/** Waits between attempts: longer each time, and never all clients at the same moment. */
export class Backoff {
  private failures = 0;

  get attempt(): number {
    return this.failures;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.failures++);
    return waitMs * (0.75 + Math.random() / 4);
  }

  reset(): void {
    this.failures = 0;
  }
}

/** Resolves after a time, or at once when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}

/** Tries what may fail for a while (a broker restarts, a leader moves) until it succeeds or trying again is pointless. */
export class Retrying {
  constructor(
    private readonly notices: KafkaNotices,
    private readonly closed: AbortSignal,
  ) {}

  /** @throws what `isFinal`, what `attempt` marks by {@link Final}, or {@link LogClosedError}. */
  async run<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const backoff = new Backoff();
    for (;;) {
      if (this.closed.aborted) throw new LogClosedError(what);
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof Final) throw error.cause;
        if (isFinal(error)) throw error;
        if (this.closed.aborted) throw new LogClosedError(what);
        const waitMs = backoff.next();
        this.notices({ kind: 'retrying', what, attempt: backoff.attempt, error });
        await pause(waitMs, this.closed);
      }
    }
  }
}

/** Thrown inside an attempt: its cause is the result, no further attempt. */
export class Final extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}
