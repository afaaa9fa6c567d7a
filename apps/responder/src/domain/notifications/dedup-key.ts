import { createHash } from 'node:crypto';

/** PagerDuty's bound, the least of those that we know. */
const LONGEST = 255;

/**
 * The key under which peers fold all messages of one incident, at most 255 characters. A longer one keeps its beginning
 * and ends in a hash (SHA-256, 128 bits of it) of the whole. Neither part before the incident holds a full stop.
 */
export function dedupKey(environment: string, incident: string): string {
  const key = `moola.${environment}.${incident}`;
  if (key.length <= LONGEST) return key;
  const suffix = `~${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
  return key.slice(0, LONGEST - suffix.length) + suffix;
}
