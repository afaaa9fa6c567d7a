import { setTimeout } from 'node:timers/promises';

/** A safety net: no test passes because of it, and none fails by it unless something hangs. */
export const deadlineMs = 120_000;

/** Pauses between questions grow to this: a question may cost another process something. */
const longestPauseMs = 100;

/**
 * Resolves when a condition holds; for what an adapter, or another process, does in the background.
 * @param withinMs more than {@link deadlineMs} for what a busy machine takes long for
 * @throws after that, naming what was waited for.
 */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = deadlineMs,
): Promise<void> {
  const end = performance.now() + withinMs;
  for (let pauseMs = 2; !(await holds()); pauseMs = Math.min(longestPauseMs, pauseMs * 1.25)) {
    if (performance.now() > end) throw new Error(`waited ${withinMs / 1000} s in vain until ${what}`);
    await setTimeout(pauseMs);
  }
}
