import { describe, expect, it } from '@jest/globals';
import { isoSeconds, round6 } from './round.js';

describe('rounding', () => {
  it.each([
    [0.0078125, 0.007812],
    [0.0234375, 0.023438],
    [1.0000005, 1.000001],
    [-0.0078125, -0.007812],
    [2 / 3, 0.666667],
    [-1e-9, 0],
    [324.75, 324.75],
  ])('of %p gives %p, as Python says', (value, expected) => {
    expect(round6(value)).toBe(expected);
  });

  it('writes instants in whole seconds', () => {
    expect(isoSeconds(Date.UTC(2004, 0, 2, 19, 13))).toBe('2004-01-02T19:13:00Z');
  });
});
