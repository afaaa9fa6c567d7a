import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { prometheusSettingsReference } from './reference.js';

const fromRoot = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

it('docs/infrastructure.md lists the settings as they are', () => {
  // Prettier pads the cells of a table.
  const plain = (text: string) => text.replaceAll(/ *\| */g, '|').replaceAll(/-{2,}/g, '-');
  expect(plain(fromRoot('docs/infrastructure.md'))).toContain(plain(prometheusSettingsReference()));
});

it('the example is right', () => {
  const read = parseDefinitions(fromRoot('examples/infrastructure/definitions.yaml'), 'definitions.yaml');
  expect('problems' in read ? read.problems : []).toEqual([]);
});
