import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { tables } from '../projections/projections.js';
import { tablesPage } from './tables-page.js';
import { columnsOf, keyOf, timeOf } from './table.js';

/** As prettier writes tables, so that its padding is no difference. */
const unpadded = (text: string) => text.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---');

it('docs/history-tables.md is what the schema says (node tools/docs/history.mjs writes it)', () => {
  expect(unpadded(readFileSync('docs/history-tables.md', 'utf8'))).toBe(unpadded(tablesPage()));
});

it('every table has its key and its time among its columns, each name once', () => {
  for (const table of tables) {
    const names = columnsOf(table).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...keyOf(table), timeOf(table)]));
  }
});
