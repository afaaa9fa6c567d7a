import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { estimatedHalfWidth, sequenceHalfWidth } from './confidence-sequence.js';
import { designEffect, type AnswerBucket } from './design-effect.js';
import { adjustedPValues } from './false-discovery.js';
import { changeBucket, emptyProducts, productsVariance } from './lagged-products.js';
import { fisherLowerTail, type Counts } from './fisher-exact.js';
import { meanDifference, type Moments } from './mean-difference.js';
import { meanInterval } from './mean-interval.js';
import { medianInterval } from './median-interval.js';
import { mcNemarTest } from './mcnemar.js';
import { longRunVariance, type BucketSum } from './newey-west.js';
import { normalCdf, normalQuantile, twoSidedProbability } from './normal.js';
import { studentOfNormal, studentQuantile } from './student.js';
import { theilSen } from './theil-sen.js';
import { twoProportionTest } from './two-proportion.js';
import { oneSidedWilson, twoSidedWilson, type Interval } from './wilson.js';

type Triple = [number, number, number];

/** The golden file's tables: what goes into each function, and what numpy, scipy and statsmodels say comes out. */
interface Golden {
  readonly normalQuantile: Case<number, number>[];
  readonly normalCdf: Case<number, number>[];
  readonly twoSidedProbability: Case<number, number>[];
  readonly twoSidedWilson: Case<Triple, [number, number]>[];
  readonly oneSidedWilson: Case<Triple, [number, number]>[];
  readonly longRunVariance: Case<[number[], number], number>[];
  readonly designEffect: Case<[[number, number][], number, number], number>[];
  readonly productsVariance: Case<[[number, number][], number], number>[];
  readonly sequenceHalfWidth: Case<[number, number, number, number], number>[];
  readonly estimatedHalfWidth: Case<[number, number, number, number, number], number>[];
  readonly twoProportionTest: Case<[[number, number], [number, number]], [number, number]>[];
  readonly mcNemarTest: Case<[number, number], [number, number, number, number]>[];
  readonly adjustedPValues: Case<number[], number[]>[];
  readonly fisherLowerTail: Case<[[number, number], [number, number]], number>[];
  readonly meanDifference: Case<[Triple, Triple, number], Triple>[];
  readonly studentQuantile: Case<[number, number], number>[];
  readonly studentOfNormal: Case<[number, number], number>[];
  readonly meanInterval: Case<[number, number, number, number], [number, number]>[];
  readonly medianInterval: Case<[number[], number], [number, number]>[];
  readonly theilSen: Case<[[number, number][], number], [number, number, number, number]>[];
}

interface Case<In, Out> {
  readonly in: In;
  readonly out: Out;
}

const golden = JSON.parse(readFileSync(new URL('../golden/golden.json', import.meta.url), 'utf8')) as Golden;

/** Within a relative error of 1e-9, or an absolute one of 1e-14 where that is wider. */
function expectClose(actual: number | undefined, expected: number) {
  const allowed = Math.max(1e-14, 1e-9 * Math.abs(expected));
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(allowed);
}

const ends = (interval: Interval | null): number[] => (interval ? [interval.lower, interval.upper] : []);
const bucketSums = (buckets: [number, number][]): BucketSum[] => buckets.map(([sum, count]) => ({ sum, count }));
const placed = (buckets: [number, number][]): AnswerBucket[] => bucketSums(buckets).map((sum, at) => ({ at, ...sum }));

/** One table: each case calls the function and compares every number of its answer. */
function table<In, Out extends number | number[]>(
  name: string,
  cases: Case<In, Out>[],
  answer: (input: In) => number[],
) {
  it.each(cases.map((one) => [JSON.stringify(one.in).slice(0, 60), one] as const))(`${name}(%s)`, (_, one) => {
    const expected = [one.out].flat();
    const actual = answer(one.in);
    expect(actual).toHaveLength(expected.length);
    expected.forEach((value, i) => expectClose(actual[i], value));
  });
}

describe('the same as numpy, scipy and statsmodels', () => {
  table('normalQuantile', golden.normalQuantile, (p) => [normalQuantile(p)]);
  table('normalCdf', golden.normalCdf, (x) => [normalCdf(x)]);
  table('twoSidedProbability', golden.twoSidedProbability, (z) => [twoSidedProbability(z)]);
  table('twoSidedWilson', golden.twoSidedWilson, ([p, n, confidence]) => ends(twoSidedWilson(p, n, confidence)));
  table('oneSidedWilson', golden.oneSidedWilson, ([p, n, confidence]) => ends(oneSidedWilson(p, n, confidence)));
  table('longRunVariance', golden.longRunVariance, ([deviations, lag]) => [longRunVariance(deviations, lag)]);
  table('designEffect', golden.designEffect, ([buckets, lag, declared]) => [
    designEffect({ length: buckets.length, buckets: placed(buckets), lag, declared }),
  ]);
  table('designEffect of filled buckets', golden.designEffect, ([buckets, lag, declared]) => {
    // Buckets without answers may be left out.
    const filled = placed(buckets).filter(({ count }) => count > 0);
    return [designEffect({ length: buckets.length, buckets: filled, lag, declared })];
  });
  table('sequenceHalfWidth', golden.sequenceHalfWidth, ([error, observations, alpha, tunedFor]) => [
    sequenceHalfWidth(error, observations, { alpha, tunedFor }),
  ]);
  table('estimatedHalfWidth', golden.estimatedHalfWidth, ([error, observations, freedom, alpha, tunedFor]) => [
    estimatedHalfWidth(error, observations, freedom, { alpha, tunedFor }),
  ]);
  table('twoProportionTest', golden.twoProportionTest, ([successes, samples]) => {
    const test = twoProportionTest(
      { successes: successes[0], samples: samples[0] },
      { successes: successes[1], samples: samples[1] },
    );
    return test ? [test.z, test.pValue] : [];
  });
  table('mcNemarTest', golden.mcNemarTest, ([firstOnly, secondOnly]) => {
    const test = mcNemarTest({ firstOnly, secondOnly });
    return test ? [test.exactPValue, test.midPValue, test.chiSquare, test.chiSquarePValue] : [];
  });
  table('theilSen', golden.theilSen, ([points, confidence]) => {
    const line = theilSen(points, confidence);
    return line ? [line.slope, line.lower, line.upper, line.intercept] : [];
  });
  table('studentQuantile', golden.studentQuantile, ([probability, freedom]) => [studentQuantile(probability, freedom)]);

  it.each(golden.studentOfNormal)('studentOfNormal: $in', ({ in: [z, freedom], out }) => {
    expect(Math.abs(studentOfNormal(z, freedom) / out - 1)).toBeLessThan(freedom < 9 ? 1e-2 : 1e-3);
  });
  it.each(golden.meanInterval)('meanInterval: $in, its width to three digits', ({ in: input, out: [lower, upper] }) => {
    const interval = meanInterval(...input);
    expect((interval.upper - interval.lower) / (upper - lower)).toBeCloseTo(1, 3);
    expect((interval.upper + interval.lower) / (upper + lower)).toBeCloseTo(1, 9);
  });
  table('medianInterval', golden.medianInterval, ([values, confidence]) => ends(medianInterval(values, confidence)));

  table('adjustedPValues', golden.adjustedPValues, adjustedPValues);
  table('fisherLowerTail', golden.fisherLowerTail, (sides) => {
    const [first, second] = sides.map(([successes, samples]) => ({ successes, samples })) as [Counts, Counts];
    return [fisherLowerTail(first, second)];
  });
  table('meanDifference', golden.meanDifference, ([first, second, effect]) => {
    const [a, b] = [first, second].map(([count, sum, squares]) => ({ count, sum, squares })) as [Moments, Moments];
    const found = meanDifference(a, b, effect);
    return found ? [found.difference, found.z, found.lowerTail] : [];
  });

  table('productsVariance', golden.productsVariance, ([buckets, lag]) => {
    // The incremental products give the same variance as the buckets themselves.
    const sums = bucketSums(buckets);
    const products = emptyProducts(lag);
    sums.forEach((bucket, t) => {
      const at = (distance: number) => (distance < 0 ? sums[t + distance] : undefined);
      changeBucket(products, { sum: 0, count: 0 }, bucket, at);
    });
    return [productsVariance(products, products.sum / products.count, lag)];
  });
});
