import { describe, expect, it } from '@jest/globals';
import { isForeignPage, type RequestOrigin } from './foreign-page.js';

const publicUrl = 'https://moola.example.com';
const ask = (over: Partial<RequestOrigin>): RequestOrigin => ({
  ...{ method: 'POST', host: 'localhost:8080', origin: undefined, fetchSite: undefined, fetchMode: undefined },
  ...over,
});

describe('a request that a page of another origin made', () => {
  it.each([
    ['a form', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:3000', fetchSite: 'same-site' }],
    ['no URL', { origin: 'localhost:8080' }],
    ['a name that begins like ours', { origin: 'https://moola.example.com.evil.example' }],
    ['a picture', { method: 'GET', fetchSite: 'cross-site', fetchMode: 'no-cors' }],
    ['a stream of events', { method: 'GET', fetchSite: 'cross-site', fetchMode: 'cors' }],
    ['a form that hides its origin', { fetchSite: 'cross-site', fetchMode: 'navigate' }],
  ])('is known: %s', (_, over: Partial<RequestOrigin>) => {
    expect(isForeignPage(ask(over), publicUrl)).toBe(true);
  });

  it.each([
    ['a program', {}],
    ['the page itself', { origin: 'http://localhost:8080', fetchSite: 'same-origin', fetchMode: 'cors' }],
    ['the page behind a proxy that adds TLS', { origin: 'https://moola.local', host: 'moola.local' }],
    ['the page behind a proxy with a name of its own', { origin: publicUrl, host: 'console:8080' }],
    ['an address that was typed', { method: 'GET', fetchSite: 'none', fetchMode: 'navigate' }],
    ['a link in a message', { method: 'GET', fetchSite: 'cross-site', fetchMode: 'navigate' }],
  ])('is told from %s', (_, over: Partial<RequestOrigin>) => {
    expect(isForeignPage(ask(over), publicUrl)).toBe(false);
  });
});
