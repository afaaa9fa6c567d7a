import { describe, expect, it } from '@jest/globals';
import { compareFractions, decimalOf, dividedBy, minus, ratioOf } from './fraction.js';

describe('a decimal', () => {
  it.each<[number, bigint, bigint]>([
    [0.05, 5n, 100n],
    [-0.05, -5n, 100n],
    [80, 80n, 1n],
    [1e-7, 1n, 10_000_000n],
    [1.5e21, 1_500_000_000_000_000_000_000n, 1n],
    [0, 0n, 1n],
  ])('%d is %d / %d', (value, numerator, denominator) => {
    expect(compareFractions(decimalOf(value), { numerator, denominator })).toBe(0);
  });
});

describe('fractions', () => {
  it('are subtracted and divided without a rest', () => {
    expect(0.9 - 0.85).not.toBe(0.05);
    expect(compareFractions(minus(ratioOf(90, 100), ratioOf(85, 100)), decimalOf(0.05))).toBe(0);
    expect(0.3 / 0.1).not.toBe(3);
    expect(compareFractions(dividedBy(decimalOf(0.3), decimalOf(0.1)), decimalOf(3))).toBe(0);
  });

  it('are in order', () => {
    expect([1, 2, 3].map((part) => compareFractions(ratioOf(part, 4), decimalOf(0.5)))).toEqual([-1, 0, 1]);
  });
});
