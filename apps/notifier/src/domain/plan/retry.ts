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
  return Math.round(firstBackoffMs * factor ** (attempt - 1) * (0.75 + 0.5 * fraction(key)));
}

/** A number in [0, 1) that follows from the key: FNV-1a, 32 bit. */
function fraction(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
