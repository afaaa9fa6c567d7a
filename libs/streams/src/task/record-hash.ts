import { createHash } from 'node:crypto';

/** The first 8 bytes of a record's SHA-256: enough to tell a topic that was made anew from the one that was read. */
export function recordHash(value: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(value).digest().subarray(0, 8));
}
