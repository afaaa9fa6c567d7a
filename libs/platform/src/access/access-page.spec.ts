import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { withAccessTables } from './access-page.js';
import { routeTable } from './route-access.js';

describe('docs/security.md', () => {
  const document = readFileSync('docs/security.md', 'utf8');

  it('has the table of routes as it is (node tools/docs/security.mjs writes it)', () => {
    expect(withAccessTables(document)).toBe(document);
    for (const { method, path } of routeTable) expect(document).toContain(`| \`${method} ${path}\` |`);
  });

  it('must have a place for it', () => {
    expect(() => withAccessTables('# Another document')).toThrow('has no place for the table of routes');
  });
});

describe('the table of routes', () => {
  it('has one line a route', () => {
    const named = routeTable.map(({ method, path }) => `${method} ${path}`);
    expect(named).toEqual([...new Set(named)]);
  });

  it('lets nobody change anything without a token', () => {
    expect(routeTable.filter(({ role, method }) => role === 'anyone' && method !== 'GET')).toEqual([]);
  });
});
