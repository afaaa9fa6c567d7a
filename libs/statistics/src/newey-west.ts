/** What one bucket adds: the sum of its values and how many there are. An empty bucket is `{ sum: 0, count: 0 }`. */
export interface BucketSum {
  readonly sum: number;
  readonly count: number;
}

/**
 * Long-run variance of the total of a series that depends on itself: `γ₀ + 2 Σ (1 − k/(lag+1)) γ_k` with
 * `γ_k = Σ_t d_t·d_{t−k}`, not divided by the length (Bartlett kernel: W. K. Newey and K. D. West, Econometrica 55,
 * 1987). Never negative but for rounding.
 *
 * @param deviations of each bucket from what the mean lets expect, in order of time.
 * @param lag over how many buckets the series depends on itself; 0 for independent buckets.
 * @param positions of the deviations, where those that are 0 are left out: the result is the same to the last bit.
 * @param power of the kernel's weights: 1 but for `longRunFreedom`.
 */
export function longRunVariance(
  deviations: readonly number[],
  lag: number,
  positions: readonly number[] = deviations.map((_, t) => t),
  power: 1 | 2 = 1,
): number {
  let variance = autocovariance(deviations, positions, 0);
  const span = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
  for (let k = 1; k <= Math.min(lag, span); k++) {
    variance += 2 * bartlettWeight(k, lag) ** power * autocovariance(deviations, positions, k);
  }
  return variance;
}

/**
 * Degrees of freedom of that variance, an estimate (M. B. Priestley, Spectral Analysis and Time Series, 1981), less the one of the
 * mean.
 *
 * @param counts of the buckets, in order of time.
 */
export function longRunFreedom(
  counts: readonly number[],
  lag: number,
  positions: readonly number[] = counts.map((_, t) => t),
): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total ** 2 / longRunVariance(counts, lag, positions, 2) - 1;
}

/** What a lag of `k` buckets counts, with dependence over `lag` buckets. */
export function bartlettWeight(k: number, lag: number): number {
  return 1 - k / (lag + 1);
}

function autocovariance(deviations: readonly number[], positions: readonly number[], k: number): number {
  let total = 0;
  let earlier = 0;
  for (let t = 0; t < deviations.length; t++) {
    const wanted = (positions[t] as number) - k;
    while ((positions[earlier] as number) < wanted) earlier++;
    if (positions[earlier] === wanted) total += (deviations[t] as number) * (deviations[earlier] as number);
  }
  return total;
}
