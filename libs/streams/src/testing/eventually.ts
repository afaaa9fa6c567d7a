import { setTimeout } from 'node:timers/promises';

/** A safety net: no test passes because of it, and none fails by it unless something hangs. */
export const deadlineMs = 120_000;

/**
 * Resolves when a condition holds; for what an adapter does in the background.
 * @throws after {@link deadlineMs}, naming what was waited for.
 */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs / 1000} s in vain until ${what}`);
    await setTimeout(2);
  }
}
