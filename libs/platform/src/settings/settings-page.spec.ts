import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { settingsPage } from './settings-page.js';

describe('docs/settings.md', () => {
  it('is what the schema says (node tools/docs/settings.mjs writes it)', () => {
    expect(readFileSync('docs/settings.md', 'utf8')).toBe(settingsPage());
  });
});
