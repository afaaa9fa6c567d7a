import { createHash, timingSafeEqual } from 'node:crypto';
import { unknown, type Authentication, type Authenticator } from '../authenticator.js';
import type { Subject } from '../subject.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whoever carries `MOOLA_TOKEN`. It is shared, so its bearer has no name of their own. */
export const bearerOfConfiguredToken: Subject = {
  ...{ by: 'configured token', name: 'MOOLA_TOKEN', role: 'admin', environments: null, expiresAtMs: null },
};

/** `MOOLA_TOKEN`: one token with every right, for small set-ups and to begin with. Compared in constant time. */
export class ConfiguredToken implements Authenticator {
  private readonly expected: Buffer;

  constructor(token: string) {
    this.expected = digest(token);
  }

  authenticate(token: string): Authentication {
    if (!timingSafeEqual(digest(token), this.expected)) return unknown;
    return { kind: 'authenticated', subject: bearerOfConfiguredToken };
  }
}
