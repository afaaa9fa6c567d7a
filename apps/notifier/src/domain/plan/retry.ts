import { fnv1a } from '@moola/contracts/fnv';

/** How often one channel is tried with one notification. */
export const maximumAttempts = 4;

/** A peer that wants to be left alone for longer is given up in favour of the next channel. */
export const longestPatienceMs = 120_000;

const firstBackoffMs = 1000;
const factor = 3;

/**
 * How long to wait after a failed attempt: 1 s, 3 s, 9 s, a quarter more or less by the key, so that many notifications
 * that failed together do not come back together.
 * @param attempt how many attempts there were, from 1
 */
export function backoffMs(key: string, attempt: number): number {
  return Math.round(firstBackoffMs * factor ** (attempt - 1) * (0.75 + 0.5 * (fnv1a(key) / 2 ** 32)));
}
