import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { residualCounts, residualCountsAccumulator } from '../accumulators/residual-counts.js';
import type { CountedLabel, Field, Sums } from '../accumulator.js';
import { residuals as sums } from '../accumulators/residuals.js';
import { ratioOf } from '../fraction.js';
import type { WindowFigures } from '../metric.js';
import { innerEdge, octaveEnd, residualBin } from '../residual-bins.js';
import { residualHistogram } from './residual-histogram.js';

/** A window that holds these residuals, counted by the accumulator. */
function windowOf(residuals: readonly number[]): WindowFigures {
  const cells = new Map<number, number>();
  const count = residualCountsAccumulator.counter(() => 0);
  const target = {
    addCell: (_row: number, _place: number, cell: number) => cells.set(cell, (cells.get(cell) ?? 0) + 1),
  };
  for (const value of residuals) {
    count(target as unknown as Sums, 0, { value, truthValue: 0 } as CountedLabel, {} as never);
  }
  const total = residuals.reduce((sum, each) => sum + each, 0);
  return {
    count: () => residuals.length,
    exact: (field: Field) => ratioOf(field === sums.sum ? total : NaN, 1),
    forEachCell: (field: Field, visit: (cell: number, times: number) => void) => {
      if (field === residualCounts) cells.forEach((times, cell) => visit(cell, times));
    },
  } as unknown as WindowFigures;
}

function histogramOf(residuals: readonly number[]) {
  const histogram = residualHistogram(windowOf(residuals));
  if (histogram === undefined) throw new Error('there is no histogram');
  return histogram;
}

/** Any number that a residual may be, of all sizes alike. */
const residual = fc
  .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -70, max: 100 }), fc.constantFrom(-1, 0, 1))
  .map(([mantissa, exponent, sign]) => sign * mantissa * 2 ** exponent);

describe('the bin of a residual', () => {
  it('has the residual between its ends, which lie at most an eighth apart', () => {
    fc.assert(
      fc.property(residual, (value) => {
        const bin = residualBin(value);
        expect(bin).toBeLessThan(65_536);
        if (Math.abs(value) < 2 ** -64) return expect(bin).toBe(0);
        const edge = innerEdge(bin);
        expect(Math.sign(edge)).toBe(Math.sign(value));
        expect(Math.abs(value)).toBeGreaterThanOrEqual(Math.abs(edge));
        expect(Math.abs(value)).toBeLessThan(Math.abs(edge) * 1.125);
        expect(Math.abs(value)).toBeLessThan(octaveEnd(bin));
        expect(octaveEnd(bin)).toBeLessThanOrEqual(2 * Math.abs(value));
      }),
    );
  });

  it('of another is another, and the largest that events can have differ still', () => {
    expect(residualBin(2e30)).not.toBe(residualBin(1e30));
    expect(residualBin(-1)).not.toBe(residualBin(1));
    expect(residualBin(-0)).toBe(residualBin(0));
  });
});

describe('the histogram of residuals', () => {
  it('counts exactly what lies in each bar, and beyond them at most 1 %', () => {
    const list = fc.array(fc.oneof(residual, fc.double({ min: -40, max: 60, noNaN: true })), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(list, (given) => {
        const { count, bars, below, above } = histogramOf(given);
        // What is smaller than 2⁻⁶⁴ counts as 0.
        const residuals = given.map((each) => (Math.abs(each) < 2 ** -64 ? 0 : each));
        expect(count).toBe(residuals.length);
        expect(bars.length).toBeLessThanOrEqual(32);
        expect(below + above).toBeLessThanOrEqual(count / 100);
        const [first, last] = [bars[0]!, bars.at(-1)!];
        // An edge belongs to the bar further from 0, and 0 to the one above it.
        const liesIn = (value: number, from: number, to: number): boolean =>
          value < 0 ? from < value && value <= to : from <= value && value < to;
        for (const { from, to, count: held } of bars) {
          expect(held).toBe(residuals.filter((each) => liesIn(each, from, to)).length);
          expect(to - from).toBe(first.to - first.from);
        }
        expect(below).toBe(residuals.filter((each) => each < 0 && each <= first.from).length);
        expect(above).toBe(residuals.filter((each) => each >= 0 && each >= last.to).length);
      }),
    );
  });

  it('has the smallest width that holds 99 %, and both ends that hold something', () => {
    const many = Array.from({ length: 198 }, (_, i) => (i % 2 === 0 ? 3.5 : -1.5));
    const { bars, below, above, bias } = histogramOf([...many, 1e6, -1e6]);
    expect([bars[0], bars.at(-1)]).toEqual([
      { from: -1.5 - 0.25, to: -1.5, count: 99 },
      { from: 3.5, to: 3.75, count: 99 },
    ]);
    expect([below, above]).toEqual([1, 1]);
    expect(bias).toBeCloseTo(0.99, 12);
  });

  it('of answers that are all right is one bar at 0', () => {
    expect(histogramOf([0, 0, -0])).toEqual({
      ...{ count: 3, bias: 0, below: 0, above: 0 },
      bars: [{ from: 0, to: 1, count: 3 }],
    });
  });

  it('does not exist without residuals', () => {
    expect(residualHistogram(windowOf([]))).toBeUndefined();
  });
});
