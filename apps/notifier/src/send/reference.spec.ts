import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { notificationSettingsReference } from './reference.js';

it('docs/notifications.md lists the settings as they are', () => {
  const page = readFileSync(new URL('../../../../docs/notifications.md', import.meta.url), 'utf8');
  // Prettier pads the cells of a table.
  const plain = (text: string) => text.replaceAll(/ *\| */g, '|').replaceAll(/-{2,}/g, '-');
  expect(plain(page)).toContain(plain(notificationSettingsReference()));
});
