import { bartlettWeight, type BucketSum } from './newey-west.js';

/**
 * All that the long-run variance of a series of bucket sums needs, of a size that does not grow with the series: per
 * lag the sums of products, and the last `lag` buckets. All of it whole numbers as long as the sums are, so it is the
 * same in every order of adding up and after every restore (exact below 2⁵³). Plain data: JSON keeps it.
 */
export interface LaggedSums {
  /** Buckets so far, empty ones included. */
  buckets: number;
  sum: number;
  count: number;
  /** At index k: Σ_t sum_t·sum_{t−k}. Length lag + 1, as the two below. */
  readonly sumSum: number[];
  /** At index k: Σ_t sum_t·count_{t−k} + count_t·sum_{t−k}. */
  readonly sumCount: number[];
  /** At index k: Σ_t count_t·count_{t−k}. */
  readonly countCount: number[];
  /** Sums of the last buckets, the newest first; at most `lag`. */
  readonly lastSums: number[];
  readonly lastCounts: number[];
}

/** @param lag over how many buckets the series depends on itself; a whole number, not negative. */
export function emptyLaggedSums(lag: number): LaggedSums {
  const zeros = () => new Array<number>(lag + 1).fill(0);
  return {
    buckets: 0,
    sum: 0,
    count: 0,
    sumSum: zeros(),
    sumCount: zeros(),
    countCount: zeros(),
    lastSums: [],
    lastCounts: [],
  };
}

/** Adds the next bucket in time. */
export function appendBucket(sums: LaggedSums, { sum, count }: BucketSum): void {
  const lag = sums.sumSum.length - 1;
  sums.buckets += 1;
  sums.sum += sum;
  sums.count += count;
  addProducts(sums, 0, sum, count, sum, count);
  for (let k = 1; k <= sums.lastSums.length; k++) {
    addProducts(sums, k, sum, count, sums.lastSums[k - 1] as number, sums.lastCounts[k - 1] as number);
  }
  if (lag === 0) return;
  shift(sums.lastSums, sum, lag);
  shift(sums.lastCounts, count, lag);
}

/** Adds so many buckets in which nothing was. Costs at most `lag` steps. */
export function appendEmptyBuckets(sums: LaggedSums, buckets: number): void {
  const lag = sums.sumSum.length - 1;
  sums.buckets += buckets;
  for (let i = 0; i < Math.min(buckets, lag); i++) {
    shift(sums.lastSums, 0, lag);
    shift(sums.lastCounts, 0, lag);
  }
}

/** The same as `longRunVariance` of the deviations of the buckets themselves, but for rounding. */
export function laggedVarianceAround(sums: LaggedSums, mean: number): number {
  const lag = sums.sumSum.length - 1;
  let variance = productsAround(sums, 0, mean);
  for (let k = 1; k <= Math.min(lag, sums.buckets - 1); k++) {
    variance += 2 * bartlettWeight(k, lag) * productsAround(sums, k, mean);
  }
  return variance;
}

/** γ_k = Σ_t (sum_t − mean·count_t)(sum_{t−k} − mean·count_{t−k}), multiplied out. */
function productsAround(sums: LaggedSums, k: number, mean: number): number {
  const [sumSum, sumCount, countCount] = [sums.sumSum[k], sums.sumCount[k], sums.countCount[k]] as number[];
  return (sumSum as number) - mean * (sumCount as number) + mean * mean * (countCount as number);
}

function addProducts(sums: LaggedSums, k: number, sum: number, count: number, oldSum: number, oldCount: number): void {
  sums.sumSum[k] = (sums.sumSum[k] as number) + sum * oldSum;
  sums.sumCount[k] = (sums.sumCount[k] as number) + sum * oldCount + count * oldSum;
  sums.countCount[k] = (sums.countCount[k] as number) + count * oldCount;
}

function shift(last: number[], value: number, length: number): void {
  last.unshift(value);
  if (last.length > length) last.pop();
}
