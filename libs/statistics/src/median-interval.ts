import type { Interval } from './wilson.js';

/**
 * Interval of a median without any assumption on the distribution: between order statistics, interpolated so that its confidence is
 * the stated one (T. P. Hettmansperger and S. J. Sheather, Statistics and Probability Letters 4, 1986).
 *
 * @param values in any order
 * @param confidence in (0, 1)
 * @returns `null` where they are so few that even all of them do not hold the median with this confidence
 */
export function medianInterval(values: readonly number[], confidence: number): Interval | null {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  /** The confidence of the interval from the k-th smallest to the k-th largest. */
  const between = (k: number): number => 1 - 2 * atMost(k - 1, n);
  if (n === 0 || between(1) < confidence) return null;
  let k = 1;
  while (2 * (k + 1) <= n && between(k + 1) >= confidence) k++;
  if (2 * (k + 1) > n) return { lower: sorted[k - 1]!, upper: sorted[n - k]! };
  const share = (between(k) - confidence) / (between(k) - between(k + 1));
  const inner = ((n - k) * share) / (k + (n - 2 * k) * share);
  return {
    lower: (1 - inner) * sorted[k - 1]! + inner * sorted[k]!,
    upper: (1 - inner) * sorted[n - k]! + inner * sorted[n - k - 1]!,
  };
}

/** P(X ≤ k) of a binomial X of n throws of a fair coin, n below 1,000. */
function atMost(k: number, n: number): number {
  let term = 2 ** -n;
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= (n - i) / (i + 1);
  }
  return sum;
}
