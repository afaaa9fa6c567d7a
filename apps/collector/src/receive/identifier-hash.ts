import { createHmac } from 'node:crypto';

/** The key by which identifiers are replaced. It must not change within the label horizon: nothing would be joined. */
export interface AnonymisationKey {
  /** Names the key in what it has replaced, so that values of two keys are not taken for each other. */
  readonly id: string;
  readonly secret: string;
}

/** HMAC-SHA256, its first 128 bits: the same input of a prediction and of its outcome gives the same value. */
export function identifierHash(key: AnonymisationKey): (identifier: string) => string {
  return (identifier) =>
    `${key.id}:${createHmac('sha256', key.secret).update(identifier).digest('base64url').slice(0, 22)}`;
}
