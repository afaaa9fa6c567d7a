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
 */
export function longRunVariance(deviations: readonly number[], lag: number): number {
  let variance = autocovariance(deviations, 0);
  for (let k = 1; k <= Math.min(lag, deviations.length - 1); k++) {
    variance += 2 * bartlettWeight(k, lag) * autocovariance(deviations, k);
  }
  return variance;
}

/**
 * Long-run variance of a total of bucket sums around `mean`: deviations are `sum − mean·count`.
 *
 * @param mean of one value.
 */
export function longRunVarianceAround(buckets: readonly BucketSum[], mean: number, lag: number): number {
  return longRunVariance(
    buckets.map(({ sum, count }) => sum - mean * count),
    lag,
  );
}

/** What a lag of `k` buckets counts, with dependence over `lag` buckets. */
export function bartlettWeight(k: number, lag: number): number {
  return 1 - k / (lag + 1);
}

function autocovariance(deviations: readonly number[], k: number): number {
  let total = 0;
  for (let t = k; t < deviations.length; t++) total += (deviations[t] as number) * (deviations[t - k] as number);
  return total;
}
