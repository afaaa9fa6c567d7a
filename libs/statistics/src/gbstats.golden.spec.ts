import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cupedEstimate, cupedSlope } from './arms/cuped.js';
import { differenceOf, type Difference } from './arms/difference.js';
import {
  meanEstimate,
  proportionEstimate,
  quantileEstimate,
  ratioEstimate,
  shareInflation,
  type Estimate,
} from './arms/estimate.js';
import type { Moments, PairMoments } from './arms/moments.js';
import { normalLoss } from './bayes/posterior.js';
import { anytimePValue, oneSidedHalfWidth, sequenceHalfWidth } from './confidence-sequence.js';
import { studentQuantile, studentTwoSided } from './student.js';
import { differenceTest } from './tests/means.js';

interface Comparison {
  readonly name: string;
  readonly kind: 'mean' | 'proportion' | 'ratio' | 'cuped' | 'quantile';
  readonly in: readonly [number[], number[]];
  readonly out: Readonly<Record<'absolute' | 'relative', number[]>>;
}

/** What GrowthBook's gbstats says, at the commit that its generator names. */
const golden = JSON.parse(readFileSync(new URL('../golden/gbstats.json', import.meta.url), 'utf8')) as {
  readonly comparisons: Comparison[];
  readonly oneSided: { readonly in: readonly [number[], number[]]; readonly out: number }[];
  readonly risks: { readonly in: readonly [number, number]; readonly out: readonly [number, number] }[];
};
const sequence = { alpha: 0.05, tunedFor: 5000 };

const moments = ([count, sum, squares]: number[]): Moments => ({
  count: count!,
  mean: sum! / count!,
  deviations: squares! - sum! ** 2 / count!,
});

function pairs([n, x, xx, y, yy, xy]: number[]): PairMoments {
  return {
    ...{ count: n!, meanX: x! / n!, meanY: y! / n! },
    ...{ deviationsX: xx! - x! ** 2 / n!, deviationsY: yy! - y! ** 2 / n!, products: xy! - (x! * y!) / n! },
  };
}

function estimates({ kind, in: [first, second] }: Comparison): [Estimate, Estimate] {
  switch (kind) {
    case 'mean':
      return [meanEstimate(moments(first)), meanEstimate(moments(second))];
    case 'proportion':
      return [proportionEstimate(first[1]!, first[0]!), proportionEstimate(second[1]!, second[0]!)];
    case 'ratio':
      return [ratioEstimate(pairs(first)), ratioEstimate(pairs(second))];
    case 'cuped': {
      const [control, treatment] = [pairs(first), pairs(second)];
      const slope = cupedSlope(control, treatment);
      return [cupedEstimate(control, slope, 50), cupedEstimate(treatment, slope, 50)];
    }
    case 'quantile':
      return [quantileOf(first), quantileOf(second)];
  }
}

function quantileOf([n, value, lower, upper, clusters, below, ...squares]: number[]): Estimate {
  const units = pairs([clusters!, below!, squares[0]!, squares[1]!, squares[2]!, squares[3]!]);
  return quantileEstimate(
    { value: value!, lower: lower!, upper: upper!, confidence: 0.95 },
    n!,
    shareInflation(units, 0.9),
  );
}

/** Estimate, its error, fixed interval and p, always-valid interval and p. */
function figures(
  estimate: number,
  error: number,
  { samples, freedom }: Pick<Difference, 'samples' | 'freedom'>,
): number[] {
  const half = sequenceHalfWidth(error, samples, sequence);
  const fixed = -studentQuantile(0.025, freedom ?? Infinity) * error;
  return [
    ...[estimate, error, estimate - fixed, estimate + fixed, studentTwoSided(estimate / error, freedom ?? Infinity)],
    ...[estimate - half, estimate + half, anytimePValue(estimate, error, samples, sequence)],
  ];
}

const expectClose = (actual: readonly number[], expected: readonly number[]) =>
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(Math.max(1e-12, 1e-9 * Math.abs(value))),
  );

describe('as gbstats', () => {
  it.each(golden.comparisons.filter(({ kind }) => kind !== 'quantile'))('$name', (comparison) => {
    const [control, treatment] = estimates(comparison);
    const difference = differenceOf(control, treatment);
    // gbstats takes Student's t for proportions too; only what does not depend on it is the same.
    const isNormal = comparison.kind === 'proportion';
    const same = (values: readonly number[]) => (isNormal ? [...values.slice(0, 2), ...values.slice(5)] : values);
    const { absolute, relative } = comparison.out;
    expectClose(same(figures(difference.absolute, difference.standardError, difference)), same(absolute));
    if (relative !== undefined)
      expectClose(same(figures(difference.relative!, difference.relativeError!, difference)), same(relative));
    expect(differenceTest(difference)?.statistic).toBe(difference.absolute / difference.standardError);
  });

  it('a quantile of clusters, but for n − 1 where it has n', () => {
    const comparison = golden.comparisons.find(({ kind }) => kind === 'quantile')!;
    estimates(comparison).forEach(({ value, variance, samples }, i) => {
      const [wanted, wantedVariance] = (comparison.out as unknown as number[][])[i]!;
      expect(value).toBe(wanted);
      expect(((variance / wantedVariance!) * (samples - 1)) / samples).toBeCloseTo(1, 9);
    });
  });

  it('a one-sided bound', () => {
    for (const { in: sides, out } of golden.oneSided) {
      const [control, treatment] = sides.map((side) => meanEstimate(moments(side))) as [Estimate, Estimate];
      const { standardError, samples } = differenceOf(control, treatment);
      expect(oneSidedHalfWidth(standardError, samples, sequence)).toBeCloseTo(out, 10);
    }
  });

  it.each(golden.risks)('the risk of $in', ({ in: [difference, deviation], out: [ofControl, ofTreatment] }) => {
    expect(normalLoss(difference, deviation) / ofTreatment).toBeCloseTo(1, 9);
    expect(normalLoss(-difference, deviation) / ofControl).toBeCloseTo(1, 9);
  });
});

describe('what gbstats had wrong in 2026', () => {
  it('the lift of a negative baseline has the sign of the difference', () => {
    const arm = (value: number): Estimate => ({ value, variance: 0.01, samples: 100, freedom: 99 });
    const better = differenceOf(arm(-20), arm(-18));
    expect(better).toMatchObject({ absolute: 2, relative: 0.1 });
    expect(better.relativeError).toBeGreaterThan(0);
  });

  it('a quantile whose interval has collapsed has no variance, and no test', () => {
    const collapsed = quantileEstimate({ value: 7, lower: 7, upper: 7, confidence: 0.95 }, 5000, 1);
    expect(collapsed.variance).toBe(0);
    expect(differenceTest(differenceOf(collapsed, collapsed))).toBeNull();
  });

  it.each([
    [1e9, 1, 0],
    [-1e9, 1, 1e9],
    [40, 1, 3.6e-354],
    [-50, 1, 50],
  ])('the risk at %d standard errors of %d overflows nowhere', (difference, deviation, loss) =>
    expect(normalLoss(difference, deviation)).toBeCloseTo(loss, 9),
  );

  it('numerator and denominator of a ratio are of the same units', () => {
    // A unit without denominator counts in both sums: leaving it out of one alone would raise the ratio.
    const whole = pairs([3, 6, 14, 3, 5, 7]);
    expect(ratioEstimate(whole).value).toBe(2);
  });
});
