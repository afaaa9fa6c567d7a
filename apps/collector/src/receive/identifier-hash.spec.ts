import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { identifierHash } from './identifier-hash.js';

const reference = (secret: string, identifier: string) =>
  `k:${createHmac('sha256', secret).update(identifier).digest('base64url').slice(0, 22)}`;

const identifiers = [
  '',
  'a',
  'b',
  'b',
  'ab',
  'customer 4711',
  'größe',
  '日本語',
  'x'.repeat(600),
  'x'.repeat(5000),
  'b',
];

describe('the hash of identifiers', () => {
  it.each([
    ['a usual secret', 'a secret of enough length'],
    ['a secret of one block', 's'.repeat(64)],
    ['a secret longer than a block', 'größe'.repeat(40)],
  ])('is HMAC-SHA256, cut to 22 characters, with %s', (_, secret) => {
    const hash = identifierHash({ id: 'k', secret });
    for (const identifier of identifiers) {
      const bytes = Buffer.from(identifier);
      expect(hash.ofBytes(bytes, 0, bytes.length)).toBe(reference(secret, identifier));
    }
    for (const identifier of identifiers) {
      const bytes = Buffer.from(`>${identifier}<`);
      expect(hash.of(identifier)).toBe(reference(secret, identifier));
      expect(hash.ofBytes(bytes, 1, bytes.length - 1)).toBe(reference(secret, identifier));
      expect(hash.ofBytes(bytes, 1, bytes.length - 1)).toBe(reference(secret, identifier));
    }
  });

  it('agrees with the published test of RFC 4231', () => {
    const hash = identifierHash({ id: 'k', secret: 'Jefe' });
    const expected = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex');
    expect(hash.of('what do ya want for nothing?')).toBe(`k:${expected.toString('base64url').slice(0, 22)}`);
  });
});
