import { bartlettWeight } from './newey-west.js';

/** What one bucket holds: the sum of its values and how many there are. Whole numbers. */
export interface BucketTotal {
  readonly sum: number;
  readonly count: number;
}

/**
 * All that the long-run variance of a series of bucket sums needs: per lag the sums of products. A bucket may change at any
 * time, in any order. All of it whole numbers, so it is the same in every order of changes and after every restore (exact
 * below 2⁵³). Its size depends on the greatest lag alone. Plain data: JSON keeps it.
 */
export interface LaggedProducts {
  /** Buckets that hold a value. */
  buckets: number;
  sum: number;
  count: number;
  /** At index k: Σ_t sum_t·sum_{t−k}. As long as the two below: the greatest lag + 1. */
  readonly sumSum: number[];
  /** At index k: Σ_t sum_t·count_{t−k} + count_t·sum_{t−k}. */
  readonly sumCount: number[];
  /** At index k: Σ_t count_t·count_{t−k}. */
  readonly countCount: number[];
}

/** @param lags the greatest lag of which products are kept; a whole number, not negative. */
export function emptyProducts(lags: number): LaggedProducts {
  const zeros = () => new Array<number>(lags + 1).fill(0);
  return { buckets: 0, sum: 0, count: 0, sumSum: zeros(), sumCount: zeros(), countCount: zeros() };
}

/**
 * One bucket of the series changes, or is new.
 *
 * @param before what it held; zeros for a new one.
 * @param at what the bucket so many places away holds, to either side; `undefined` where there is none.
 */
export function changeBucket(
  products: LaggedProducts,
  before: BucketTotal,
  now: BucketTotal,
  at: (distance: number) => BucketTotal | undefined,
): void {
  const [sum, count] = [now.sum - before.sum, now.count - before.count];
  products.buckets += Number(now.count > 0) - Number(before.count > 0);
  products.sum += sum;
  products.count += count;
  add(products, 0, now.sum ** 2 - before.sum ** 2, now.count ** 2 - before.count ** 2);
  products.sumCount[0] = (products.sumCount[0] as number) + 2 * (now.sum * now.count - before.sum * before.count);
  for (let k = 1; k < products.sumSum.length; k++) {
    for (const other of [at(k), at(-k)]) {
      if (other === undefined) continue;
      add(products, k, sum * other.sum, count * other.count);
      products.sumCount[k] = (products.sumCount[k] as number) + sum * other.count + count * other.sum;
    }
  }
}

function add(products: LaggedProducts, k: number, sumSum: number, countCount: number): void {
  products.sumSum[k] = (products.sumSum[k] as number) + sumSum;
  products.countCount[k] = (products.countCount[k] as number) + countCount;
}

/** Long-run variance of the total around a mean: `longRunVariance` of the buckets themselves, but for rounding. */
export function productsVariance(products: LaggedProducts, mean: number, lag: number): number {
  // γ_k = Σ_t (sum_t − mean·count_t)(sum_{t−k} − mean·count_{t−k}), multiplied out.
  const variance = weighed(lag, (k) => {
    const [sumSum, sumCount, countCount] = [products.sumSum[k], products.sumCount[k], products.countCount[k]];
    return (sumSum as number) - mean * (sumCount as number) + mean * mean * (countCount as number);
  });
  return Math.max(0, variance);
}

/**
 * How many pairs of values the variance estimate adds up, per value: of values that lie within reach of each other.
 */
export function valuesInReach(products: LaggedProducts, lag: number): number {
  return weighed(lag, (k) => products.countCount[k] as number) / products.count;
}

/**
 * Degrees of freedom of the long-run variance: how many independent stretches the buckets are worth, less one for the mean
 * (Bartlett's kernel: M. B. Priestley, Spectral Analysis and Time Series, 1981, section 6.2.4; unequal buckets as L. Kish
 * weighs them). At most the number of buckets − 1; 0 for a single one.
 */
export function degreesOfFreedom(products: LaggedProducts, lag: number): number {
  let squared = products.countCount[0] as number;
  for (let k = 1; k <= lag; k++) squared += 2 * bartlettWeight(k, lag) ** 2 * (products.countCount[k] as number);
  return Math.max(0, products.count ** 2 / squared - 1);
}

function weighed(lag: number, ofLag: (k: number) => number): number {
  let total = ofLag(0);
  for (let k = 1; k <= lag; k++) total += 2 * bartlettWeight(k, lag) * ofLag(k);
  return total;
}
