import { describe, expect, it } from '@jest/globals';
import { authenticate } from './authenticators.js';
import { bearerOfConfiguredToken, ConfiguredToken } from './configured-token/configured-token.js';
import { listenRefusal } from './listen-policy.js';

describe('listening', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])('on %s needs no token', (host) => {
    expect(listenRefusal(host, undefined)).toBeNull();
  });

  it.each(['0.0.0.0', '::', '10.0.0.8', 'example.org'])('on %s needs one', (host) => {
    expect(listenRefusal(host, undefined)).toContain('MOOLA_TOKEN');
    expect(listenRefusal(host, 'a-token-of-enough-length')).toBeNull();
  });
});

describe('the configured token', () => {
  it.each([
    ['Bearer secret-secret-secret', true],
    ['bearer secret-secret-secret', true],
    ['BEARER  secret-secret-secret', true],
    ['Basic secret-secret-secret', false],
    ['Bearer secret-secret-secre', false],
    ['secret-secret-secret', false],
    ['', false],
    [undefined, false],
  ])('%p is let through: %p', async (header, expected) => {
    const answer = await authenticate([new ConfiguredToken('secret-secret-secret')], header);
    expect(answer).toEqual(
      expected ? { kind: 'authenticated', subject: bearerOfConfiguredToken } : { kind: 'unknown' },
    );
  });
});
