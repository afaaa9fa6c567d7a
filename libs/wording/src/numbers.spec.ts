import { describe, expect, it } from '@jest/globals';
import { significant } from './numbers.js';

describe('a number of three digits that count', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-2.2567, '−2.26'],
    [0.00012345, '0.000123'],
    [99.96, '100'],
    [-207.6, '−208'],
    [12_345.6, '12,346'],
    [2 ** 30, '1.07e9'],
    [-(2 ** -30), '−9.31e−10'],
  ])('%s is %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });
});
