import { chiSquareUpperTail } from '../chi-square.js';
import type { TestResult } from './test-result.js';

/** Pearson's test that rows of a table have the same shares of columns (K. Pearson, 1900), without continuity correction. */
export function independenceTest(table: readonly (readonly number[])[]): TestResult | null {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const rows = table.map(sum);
  const columns = (table[0] ?? []).map((_, j) => sum(table.map((row) => row[j] ?? 0)));
  const all = sum(rows);
  // Rows and columns without anything say nothing, and take no degree of freedom.
  const freedom = (rows.filter((row) => row > 0).length - 1) * (columns.filter((column) => column > 0).length - 1);
  if (!(freedom > 0)) return null;
  let statistic = 0;
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      const expected = (row * column) / all;
      if (expected > 0) statistic += ((table[i]?.[j] ?? 0) - expected) ** 2 / expected;
    }),
  );
  return { statistic, degreesOfFreedom: freedom, p: chiSquareUpperTail(statistic, freedom) };
}

/**
 * Pearson's test that counts have these shares: of an experiment, a mismatch of its sample ratio. A share of 0 with a count above 0
 * cannot be: p is 0 and the statistic Infinity.
 *
 * @param weights not negative, in any unit
 */
export function sharesTest(counts: readonly number[], weights: readonly number[]): TestResult | null {
  const all = counts.reduce((total, count) => total + count, 0);
  const weight = weights.reduce((total, each) => total + each, 0);
  const planned = weights.filter((each) => each > 0).length;
  if (counts.some((count, i) => count > 0 && weights[i] === 0))
    return { statistic: Infinity, degreesOfFreedom: Math.max(1, planned - 1), p: 0 };
  if (all === 0 || planned < 2) return null;
  let statistic = 0;
  counts.forEach((count, i) => {
    const expected = (all * (weights[i] as number)) / weight;
    if (expected > 0) statistic += (count - expected) ** 2 / expected;
  });
  return { statistic, degreesOfFreedom: planned - 1, p: chiSquareUpperTail(statistic, planned - 1) };
}
