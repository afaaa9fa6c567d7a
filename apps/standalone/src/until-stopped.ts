import { setMaxListeners } from 'node:events';

/** A command that runs until it is done, or until a part of it has failed or a person has had enough. */
export interface Stoppable {
  readonly signal: AbortSignal;
  /** Ends it: something that it needs is gone. */
  fail(error: unknown): void;
}

/**
 * Runs a command so that SIGINT, SIGTERM and a failure end it in order, with one line that says why.
 * @param run returns the exit code of a command that was not stopped
 * @returns the exit code
 */
export async function untilStopped(
  stderr: NodeJS.WritableStream,
  run: (stop: Stoppable) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  // Every follower of a partition listens to it.
  setMaxListeners(0, stop.signal);
  const fail = (error: unknown): void => stop.abort(error);
  const onSignal = (): void => fail(new Error('stopped'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    return await run({ signal: stop.signal, fail });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stderr.write(`moola: ${(stop.signal.reason as Error).message}\n`);
    return 1;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}
