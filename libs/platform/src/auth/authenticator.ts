import type { Subject } from './subject.js';

/** What an authenticator makes of a bearer token. */
export type Authentication =
  | { readonly kind: 'authenticated'; readonly subject: Subject }
  /** It is none of this authenticator's: the next one is asked. */
  | { readonly kind: 'unknown' }
  /** It was good once. Said only to who holds the whole token, so it may say why, and what to do. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It cannot be told at the moment. */
  | { readonly kind: 'unavailable'; readonly message: string };

export const unknown: Authentication = { kind: 'unknown' };

/**
 * One way to know who asks. A folder each beside this file; `authenticators.ts` has them in the order in which they are
 * asked. One that asks an identity provider (OpenID Connect) answers with a promise.
 */
export interface Authenticator {
  /** @param token what follows `Bearer `. Compare in constant time. */
  authenticate(token: string): Authentication | Promise<Authentication>;
}
