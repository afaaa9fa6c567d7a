import { createHmac, hash } from 'node:crypto';
import type { IdentifierHash } from './domain/receive.js';

/** The key by which identifiers are replaced. It must not change within the label horizon: nothing would be joined. */
export interface AnonymisationKey {
  /** Names the key, and with it the algorithm, in what it has replaced: values of two keys are not taken for each other. */
  readonly id: string;
  readonly secret: string;
}

/** Options that name an installation's key, where it has one. @param secret of `MOOLA_ANONYMISATION_KEY` */
export function anonymisedBy(secret: string | undefined): { readonly anonymisation?: AnonymisationKey } {
  return secret === undefined ? {} : { anonymisation: { id: 'installation', secret } };
}

/** Of SHA-256, in bytes. */
const block = 64;
const digest = 32;

/** Longer ones are hashed by `createHmac`. */
const mostBytes = 2048;

/** Characters of base64url that 128 bits take. */
const characters = 22;

/**
 * HMAC-SHA256 (RFC 2104), its first 128 bits: the same input of a prediction and of its outcome gives the same value. By
 * two calls of the one-shot `hash`, which take less than half the time of an `Hmac` object
 * (docs/decisions/0010-anonymisation-hash.md).
 */
export function identifierHash({ id, secret }: AnonymisationKey): IdentifierHash {
  const prefix = `${id}:`;
  const key = Buffer.alloc(block);
  const given = Buffer.from(secret);
  key.set(given.length > block ? hash('sha256', given, 'buffer') : given);
  const inner = Buffer.alloc(block + mostBytes);
  const outer = Buffer.alloc(block + digest);
  key.forEach((byte, i) => {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  });
  // A view a length, made once: it costs a third of the hash.
  const views: Buffer[] = [];
  // The versions of one input often follow each other.
  let lastLength = -1;
  let last = '';
  const ofInner = (length: number): string => {
    const view = (views[length] ??= inner.subarray(0, block + length));
    outer.write(hash('sha256', view, 'binary'), block, 'binary');
    lastLength = length;
    last = prefix + hash('sha256', outer, 'base64url').slice(0, characters);
    return last;
  };
  const long = (bytes: Uint8Array): string =>
    prefix + createHmac('sha256', secret).update(bytes).digest('base64url').slice(0, characters);
  return {
    of(identifier) {
      if (identifier.length * 3 > mostBytes) return long(Buffer.from(identifier));
      return ofInner(inner.write(identifier, block));
    },
    ofBytes(bytes, start, end) {
      const length = end - start;
      if (length > mostBytes) return long(bytes.subarray(start, end));
      let isLast = length === lastLength;
      for (let i = 0; i < length; i++) {
        const byte = bytes[start + i] as number;
        if (inner[block + i] === byte) continue;
        inner[block + i] = byte;
        isLast = false;
      }
      return isLast ? last : ofInner(length);
    },
  };
}
