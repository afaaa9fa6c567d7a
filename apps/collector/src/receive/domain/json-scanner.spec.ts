import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../join/story/random.js';
import { elementSpans, findFault, lineAndColumn, memberStart } from './json-scanner.js';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the JSON scanner', () => {
  it.each([
    ['{"a": 1', 7, '"," or "}"'],
    ['[1, 2', 5, '"," or "]"'],
    ['{a: 1}', 1, 'a field name in double quotes'],
    ['{"a" 1}', 5, '":"'],
    ['{"a": 01}', 7, '"," or "}"'],
    ['{"a": "x\ny"}', 6, 'a string that ends, without control characters'],
    ['tru', 0, 'a value'],
    ['[1,]', 3, 'a value'],
    ['{} {}', 3, 'nothing more'],
  ])('finds where %j stops being JSON', (text, at, expected) => {
    expect(findFault(text)).toMatchObject({ at, expected });
  });

  it('agrees with JSON.parse about what is JSON', () => {
    const random = new SeededRandom(1);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"a"',
      '"a":',
      ':',
      ',',
      '1',
      '-0.5e3',
      'null',
      'true',
      ' ',
      '"\\u00e9"',
      '"\\x"',
      'nul',
    ];
    let wellFormed = 0;
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + random.below(6) }, () => random.pick(pieces)).join('');
      expect({ text, fault: findFault(text) === null }).toEqual({ text, fault: parses(text) });
      if (parses(text)) wellFormed++;
    }
    expect(wellFormed).toBeGreaterThan(500);
  });

  it('cuts out the elements of an array as they were written', () => {
    const text = '{ "x": [1], "events": [ {"a": "]"} ,[ 2 ], 3 ] }';
    const start = memberStart(text, 0, 'events') ?? -1;
    expect(elementSpans(text, start).map((span) => text.slice(span.start, span.end))).toEqual([
      '{"a": "]"}',
      '[ 2 ]',
      '3',
    ]);
    expect(elementSpans('[]', 0)).toEqual([]);
    expect(memberStart(text, 0, 'nothing')).toBeNull();
  });

  it('says line and column', () => {
    expect(lineAndColumn('ab\ncd\nef', 4)).toEqual({ line: 2, column: 2 });
  });
});
