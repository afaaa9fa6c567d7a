import { describe, expect, it } from '@jest/globals';
import { CsvRows, readCsvRows } from './csv-rows.js';

function read(text: string): string[] {
  const told: string[] = [];
  readCsvRows(text, {
    row: (cells, line) => told.push(`${line}: ${cells.join('|')}`),
    unclear: (fault, line) => told.push(`${line}: ${fault}`),
  });
  return told;
}

describe('rows of CSV', () => {
  it.each([
    ['a,b\n1,2', ['1: a|b', '2: 1|2']],
    ['a,b\r\n1,2\r\n', ['1: a|b', '2: 1|2']],
    ['a,b\r1,2\r', ['1: a|b', '2: 1|2']],
    ['a\r\nb\nc\rd', ['1: a', '2: b', '3: c', '4: d']],
    ['\n\na\n\r\n\rb\n', ['3: a', '6: b']],
    [',\n,,', ['1: |', '2: ||']],
    ['"a","b"', ['1: a|b']],
    ['"a,b","c""d",""', ['1: a,b|c"d|']],
    ['"a\nb\r\nc\rd",e\nf', ['1: a\nb\r\nc\rd|e', '5: f']],
    ['a,"b\nc"\r\n"d"', ['1: a|b\nc', '3: d']],
    ['"a"\n\n"b\n\n"\nc', ['1: a', '3: b\n\n', '6: c']],
    ['""', ['1: ']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['a 5" pipe,b\nc', ['1: inside a cell', '2: c']],
    ['x, "b"\nc', ['1: inside a cell', '2: c']],
    ['"a"b,c\nd', ['1: behind a closing quote', '2: d']],
    ['a\nb,"c\nd\ne', ['1: a', '2: never closed', '3: d', '4: e']],
    ['a\n"b\nc\n"d",e\nf', ['1: a', '2: behind a closing quote', '3: c', '4: d|e', '5: f']],
  ])('%j is not guessed at, and reading goes on behind', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('come the same from pieces that end where lines do', () => {
    const text = 'a,b\n"x\ny",1\r\n\n"p""\n\nq"\nz,"2"\n"open,3\nlast';
    const told: string[] = [];
    const rows = new CsvRows({
      row: (cells, line) => told.push(`${line}: ${cells.join('|')}`),
      unclear: (fault, line) => told.push(`${line}: ${fault}`),
    });
    for (const piece of text.split(/(?<=\n)/)) rows.read(piece, false);
    rows.read('', true);
    expect(told).toEqual(read(text));
    expect(told.at(-1)).toBe('10: last');
  });
});
