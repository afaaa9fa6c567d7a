/**
 * The key under which peers fold all messages of one incident. Neither part before the incident holds a full stop, so no
 * two incidents share one. A channel whose peer takes only so many characters shortens it, by a hash of the whole.
 */
export function dedupKey(environment: string, incident: string): string {
  return `moola.${environment}.${incident}`;
}
