import { describe, expect, it } from '@jest/globals';
import { noneAsked } from '@moola/contracts/columns/held-columns';
import { Page, rowsPerPage } from './page.js';

const key = 'rows/prediction/1/0';

/** A page of so many predictions; every second one has a unit. */
function pageOf(rows: number, page = new Page('prediction', key)): Page<'prediction'> {
  for (let row = 0; row < rows; row++) {
    page.append(Uint32Array.of(row, 1, 2, 3));
    page.columns.timeMs[row] = row;
    page.columns.model[row] = page.intern('fraud');
    page.setAsked('unit', row, row % 2 === 0 ? `unit-${row % 10}` : '');
    page.setAsked('latencyMs', row, NaN);
  }
  return page;
}

function rowsOf(page: Page<'prediction'>): unknown[] {
  return Array.from({ length: page.count }, (_, row) => [
    ...[page.hash(row)[0], page.columns.timeMs[row], page.string(page.columns.model[row] as number)],
    page.askedOf(row),
  ]);
}

describe('a page of the join', () => {
  it.each([0, 1, 17, rowsPerPage])('is read back as it was written: %i rows', (rows) => {
    const page = pageOf(rows);
    const read = Page.decode('prediction', page.key, page.encode());
    expect(rowsOf(read)).toEqual(rowsOf(page));
    expect(read.encode()).toEqual(page.encode());
  });

  it('begins empty in the memory of another', () => {
    const spent = pageOf(40);
    spent.setAsked('costUsd', 3, 0.5);
    const page = Page.inPlaceOf(spent, key);
    expect(page.count).toBe(0);
    expect(pageOf(70, page).encode()).toEqual(pageOf(70).encode());
    expect(page.columns.timeMs[69]).toBe(69);
  });

  it('names only the columns of which a row has a value', () => {
    const text = (page: Page) => Buffer.from(page.encode()).toString('latin1');
    expect(text(pageOf(3))).toContain('unit:uint16');
    expect(text(pageOf(3))).not.toContain('latencyMs');
    expect(text(pageOf(0))).not.toContain('unit');
  });

  it('passes over a column that only a newer version knows', () => {
    const page = pageOf(5);
    const bytes = Buffer.from(page.encode());
    bytes.write('unix:uint16', bytes.indexOf('unit:uint16'), 'latin1');
    const read = Page.decode('prediction', page.key, bytes);
    expect(rowsOf(read)).toEqual(rowsOf(page).map((row) => [...(row as unknown[]).slice(0, 3), noneAsked]));
  });
});
