import { describe, expect, it } from '@jest/globals';
import { joinedKey, partsOfKey } from './joined-key.js';

describe('a joined key', () => {
  it('is as it reads where no part holds its mark', () => {
    expect(joinedKey('fraud', 'v1', 7)).toBe('fraud/v1/7');
  });

  it.each([
    [
      ['a/b', 'c'],
      ['a', 'b/c'],
    ],
    [
      ['a%2Fb', 'c'],
      ['a/b', 'c'],
    ],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [
      ['a', '/', 'b'],
      ['a', '', '', 'b'],
    ],
  ])('keeps %j apart from %j, and gives its parts back', (one, other) => {
    expect(joinedKey(...one)).not.toBe(joinedKey(...other));
    expect([partsOfKey(joinedKey(...one)), partsOfKey(joinedKey(...other))]).toEqual([one, other]);
  });
});
