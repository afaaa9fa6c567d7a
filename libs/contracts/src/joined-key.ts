/**
 * One key of several names, which may hold any character: different parts give different keys. "%" and "/" of a part are
 * written `%25` and `%2F`, so that names without them stay as they are.
 */
export function joinedKey(...parts: readonly (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[%/]/g, (found) => (found === '%' ? '%25' : '%2F'))).join('/');
}

/** The parts of a joined key, as text. */
export function partsOfKey(key: string): string[] {
  return key.split('/').map((part) => part.replace(/%2F|%25/g, (found) => (found === '%25' ? '%' : '/')));
}
