import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ratioEstimate } from './arms/estimate.js';
import { WideSums } from './arms/wide-sums.js';
import { betaPosterior, expectedLoss, normalLoss, probabilitiesToBeBest } from './bayes/posterior.js';
import { corrections, correctionNames } from './corrections.js';
import { fisherTwoSided } from './fisher-exact.js';
import { cohenH, normalPower, sampleSize, studentPower } from './power/sample-size.js';
import { constantBoundaries, crossingByEnd } from './sequential/group-sequential.js';
import { independenceTest, sharesTest } from './tests/chi-square-test.js';
import { pairedTest, welchTest } from './tests/means.js';
import { pooledProportions, unpooledProportions } from './tests/proportions.js';
import type { TestResult } from './tests/test-result.js';

interface Case {
  readonly in: never;
  readonly out: unknown;
}

/** What numpy, scipy and statsmodels say. */
const golden = JSON.parse(readFileSync(new URL('../golden/experiments.json', import.meta.url), 'utf8')) as Record<
  string,
  Case[]
>;

type Table = readonly [number, number, number, number];
const sides = ([a, n, b, m]: Table) =>
  [
    { successes: a, samples: n },
    { successes: b, samples: m },
  ] as const;
const zAndP = (found: TestResult | null) => (found === null ? [NaN, NaN] : [found.statistic, found.p]);
const all = (found: TestResult | null) => (found === null ? [] : [found.statistic, found.degreesOfFreedom, found.p]);

function sumsOf(x: readonly number[], y: readonly number[] = []): WideSums {
  const sums = new WideSums();
  x.forEach((value, i) => sums.add(value, y[i] ?? 0));
  return sums;
}

function expectClose(actual: unknown, expected: unknown, relative: number) {
  const [found, wanted] = [[actual].flat() as number[], [expected].flat() as number[]];
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    // NaN of a table that says nothing, as JSON knows none, is null or NaN there.
    if (value === null || Number.isNaN(value)) return expect(found[i]).toBeNaN();
    expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(Math.max(1e-15, relative * Math.abs(value)));
  });
}

/** Each function of the golden file, and how near it must be. */
const functions: Readonly<Record<string, readonly [(input: never) => unknown, number]>> = {
  pooledProportions: [(table: Table) => zAndP(pooledProportions(...sides(table))), 1e-9],
  unpooledProportions: [(table: Table) => zAndP(unpooledProportions(...sides(table))), 1e-9],
  fisherTwoSided: [(table: Table) => fisherTwoSided(...sides(table)), 1e-9],
  independenceTest: [(table: number[][]) => all(independenceTest(table)), 1e-10],
  sharesTest: [([counts, weights]: [number[], number[]]) => all(sharesTest(counts, weights)), 1e-10],
  // A mean of 10⁶ is a double, with ten digits behind the point: the variance is better.
  welchTest: [([x, y]: [number[], number[]]) => all(welchTest(sumsOf(x).moments(), sumsOf(y).moments())), 1e-8],
  pairedTest: [([x, y]: [number[], number[]]) => all(pairedTest(sumsOf(y.map((v, i) => v - x[i]!)).moments())), 1e-9],
  ratioEstimate: [
    ([x, y]: [number[], number[]]) => {
      const { value, variance } = ratioEstimate(sumsOf(x, y).pairs());
      return [value, variance];
    },
    1e-9,
  ],
  clusteredMean: [
    ([x, y]: [number[], number[]]) => {
      const { value, variance } = ratioEstimate(sumsOf(x, y).pairs());
      return [value, variance];
    },
    1e-9,
  ],
  cohenH: [
    ([baseline, effect, alpha, power]: Table) => {
      const size = cohenH(baseline + effect, baseline);
      return [size, sampleSize(normalPower, size, { alpha, power, ratio: 1 })];
    },
    1e-8,
  ],
  studentSampleSize: [
    ([size, alpha, power, ratio]: Table) => sampleSize(studentPower, size, { alpha, power, ratio }),
    1e-8,
  ],
  studentPower: [([size, n, alpha]: Table) => studentPower(size, n, { alpha, ratio: 1 }), 1e-9],
  betaPosteriors: [
    ([a, n, b, m]: Table) => {
      const [control, treatment] = [betaPosterior(a, n), betaPosterior(b, m)];
      const best = probabilitiesToBeBest([control, treatment])[1];
      return [best, expectedLoss(treatment, control), expectedLoss(control, treatment)];
    },
    1e-9,
  ],
  normalLoss: [([difference, deviation]: Table) => normalLoss(difference, deviation), 1e-6],
  // The tables have three decimals.
  constantBoundaries: [
    ([shape, looks, alpha]: ['pocock', number, number]) => {
      const shares = Array.from({ length: looks }, (_, k) => (k + 1) / looks);
      return constantBoundaries(shares, alpha, shape).at(-1);
    },
    3e-4,
  ],
  // scipy integrates by sampling.
  crossingByEnd: [
    ([shares, bounds, drift]: [number[], number[], number]) => crossingByEnd(shares, bounds, drift),
    1e-5,
  ],
};

describe('as scipy and statsmodels', () => {
  it.each(Object.entries(functions))('%s', (name, [answer, relative]) => {
    const cases = golden[name]!;
    expect(cases.length).toBeGreaterThan(1);
    for (const each of cases) {
      const wanted = [each.out].flat() as number[];
      const found = [answer(each.in)].flat();
      expectClose(found, wanted.slice(0, found.length), relative);
    }
  });

  it.each(correctionNames)('%s', (name) => {
    for (const each of golden['corrections']!) {
      expectClose(corrections[name](each.in), (each.out as Record<string, number[]>)[name], 1e-12);
    }
  });

  it('leaves nothing out', () =>
    expect(
      Object.keys(golden)
        .filter((name) => name !== 'by' && name !== 'corrections')
        .sort(),
    ).toEqual(Object.keys(functions).sort()));
});
