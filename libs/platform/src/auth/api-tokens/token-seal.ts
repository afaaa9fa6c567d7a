import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  TokenEventSchema,
  TokenRecordSchema,
  type TokenEvent,
  type TokenRecord,
} from '@moola/contracts/gen/moola/v1/tokens_pb';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InstallationKey } from '../../dead-letters/seal.js';

/**
 * Hashes tokens and signs their records, both with a key that is derived from the installation's. So a copy of the topic
 * cannot be searched for tokens, and whoever can write to the topic cannot make one.
 */
export class TokenSeal {
  private readonly key: Buffer;

  constructor(installationKey: InstallationKey) {
    this.key = createHmac('sha256', installationKey).update('api tokens').digest();
  }

  /** Of a token's text; all of it, so that a text has one id. */
  hash(text: string): Buffer {
    return this.hmac('token', Buffer.from(text));
  }

  /** Compared in constant time. */
  isHashOf(hash: Uint8Array, text: string): boolean {
    return same(this.hash(text), hash);
  }

  signed(event: TokenEvent): TokenRecord {
    const bytes = toBinary(TokenEventSchema, event);
    return create(TokenRecordSchema, { event: bytes, mac: this.hmac('record', bytes) });
  }

  /** The event of a record; `null` when its signature is not this installation's. */
  opened({ event, mac }: TokenRecord): TokenEvent | null {
    return same(this.hmac('record', event), mac) ? fromBinary(TokenEventSchema, event) : null;
  }

  private hmac(use: 'token' | 'record', bytes: Uint8Array): Buffer {
    return createHmac('sha256', this.key).update(`${use}\0`).update(bytes).digest();
  }
}

const same = (a: Buffer, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
