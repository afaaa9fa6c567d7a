import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { betaLowerTail, betaQuantile, betaUpperTail } from './beta.js';
import { chiSquareLowerTail, chiSquareUpperTail } from './chi-square.js';
import { gammaLowerTail, gammaUpperTail } from './gamma.js';
import { logGamma } from './loader.js';
import { normalCdf, normalQuantile, twoSidedProbability } from './normal.js';
import { studentCdf, studentQuantile, studentTwoSided } from './student.js';

/** What mpmath says with 60 digits: arguments, then the value. */
const golden = JSON.parse(readFileSync(new URL('../golden/distributions.json', import.meta.url), 'utf8')) as Record<
  string,
  number[][]
>;

const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  normalCdf: (x) => normalCdf(x),
  normalQuantile: (p) => normalQuantile(p),
  gammaLowerTail: (x, shape) => gammaLowerTail(x, shape),
  gammaUpperTail: (x, shape) => gammaUpperTail(x, shape),
  chiSquareUpperTail: (x, freedom) => chiSquareUpperTail(x, freedom),
  logGamma: (x) => logGamma(x),
  betaLowerTail: (x, a, b) => betaLowerTail(x, a, b),
  betaUpperTail: (x, a, b) => betaUpperTail(x, a, b),
  studentCdf: (t, freedom) => studentCdf(t, freedom),
  studentQuantile: (p, freedom) => studentQuantile(p, freedom),
};

describe('as mpmath, to a relative error of 1e-10, from the middle down to 1e-300', () => {
  it.each(Object.entries(functions))('%s', (name, answer) => {
    const rows = golden[name]!;
    expect(rows.length).toBeGreaterThan(10);
    const worse = rows
      .map((row) => ({ row, off: Math.abs(answer(...row.slice(0, -1)) / row.at(-1)! - 1) }))
      .filter(({ off }) => !(off <= 1e-10));
    expect(worse).toEqual([]);
  });

  it('leaves no function out', () =>
    expect(Object.keys(golden).filter((name) => name !== 'mpmath')).toEqual(Object.keys(functions)));
});

describe('at the ends', () => {
  it.each([
    [normalCdf(-Infinity), 0],
    [normalCdf(Infinity), 1],
    [twoSidedProbability(Infinity), 0],
    [chiSquareUpperTail(0, 3), 1],
    [chiSquareLowerTail(Infinity, 3), 1],
    [gammaUpperTail(Infinity, 3), 0],
    [gammaLowerTail(-1, 3), 0],
    [gammaUpperTail(1, 0), NaN],
    [gammaLowerTail(NaN, 2), NaN],
    [logGamma(0), Infinity],
    [logGamma(-1), NaN],
    [betaLowerTail(-0.1, 2, 3), 0],
    [betaUpperTail(1.5, 2, 3), 0],
    [betaLowerTail(0.5, 0, 3), NaN],
    [studentCdf(-Infinity, 4), 0],
    [studentTwoSided(0, 4), 1],
    [studentQuantile(0, 4), -Infinity],
    [studentQuantile(1, 4), Infinity],
    [studentQuantile(0.5, 4), 0],
    [studentQuantile(1.1, 4), NaN],
    [studentQuantile(0.2, 0), NaN],
    [studentQuantile(0.025, Infinity), normalQuantile(0.025)],
  ])('%d is %d', (actual, expected) => expect(actual).toBe(expected));

  it('a beta quantile and its rest add up', () => {
    for (const [p, a, b] of [
      [0.025, 12, 3],
      [0.5, 1, 1],
      [1e-9, 5000, 7000],
    ] as const) {
      const { x, rest } = betaQuantile(p, a, b);
      expect(x + rest).toBeCloseTo(1, 14);
      expect(Math.abs(betaLowerTail(x, a, b) / p - 1)).toBeLessThan(1e-9);
    }
    expect(betaQuantile(0, 2, 3)).toEqual({ x: 0, rest: 1 });
    expect(betaQuantile(1, 2, 3)).toEqual({ x: 1, rest: 0 });
    expect(betaQuantile(-1, 2, 3).x).toBeNaN();
  });
});
