const LONGEST = 255;

/**
 * The key under which peers fold all messages of one incident, at most 255 characters (PagerDuty's bound). A longer one
 * keeps its beginning and ends in a hash (FNV-1a, 32 bit) of the whole.
 */
export function dedupKey(environment: string, incident: string): string {
  const key = `moola.${environment}.${incident}`;
  if (key.length <= LONGEST) return key;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  const suffix = `~${(hash >>> 0).toString(16).padStart(8, '0')}`;
  return key.slice(0, LONGEST - suffix.length) + suffix;
}
