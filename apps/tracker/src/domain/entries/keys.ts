/** What the keys of a checkpoint's entries begin with. */
export const modelPrefix = 'model/';
export const versionPrefix = 'version/';
export const bucketPrefix = 'bucket/';

/** Parts of an entry's key, joined so that they can be told apart again whatever characters they hold. */
export function joinKey(...parts: readonly (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[%/]/g, (found) => (found === '%' ? '%25' : '%2F'))).join('/');
}

export function splitKey(key: string): string[] {
  return key.split('/').map((part) => part.replace(/%2F|%25/g, (found) => (found === '%25' ? '%' : '/')));
}
