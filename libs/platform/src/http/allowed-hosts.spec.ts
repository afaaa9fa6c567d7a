import { describe, expect, it } from '@jest/globals';
import { isAllowedHost } from './allowed-hosts.js';

const names = {
  ...{ host: 'moola.internal', publicUrl: 'https://Moola.example.com/console' },
  allowedHosts: ['collector', 'Events.example.com:8081'],
};

describe('a host that is asked for', () => {
  it.each([
    ...['localhost', 'LOCALHOST:8080', 'localhost.', 'moola.localhost:1', '127.0.0.1:8080', '[::1]:8080', '[::1]'],
    ...['10.1.2.3', '[fd00::7]:80', 'moola.internal:8080', 'moola.example.com', 'moola.example.com:443'],
    ...['collector:8080', 'events.example.com'],
  ])('%s is allowed', (header) => {
    expect(isAllowedHost(header, names)).toBe(true);
  });

  it.each([
    ...['evil.example', 'evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', 'example.com', ''],
    ...['evil.example#localhost', 'localhost evil', 'x.moola.example.com', '*', undefined],
  ])('%s is not', (header) => {
    expect(isAllowedHost(header, names)).toBe(false);
  });

  it('may be any when the setting says so', () => {
    expect(isAllowedHost('evil.example', { ...names, allowedHosts: ['*'] })).toBe(true);
  });
});
