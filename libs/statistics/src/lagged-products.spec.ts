import { describe, expect, it } from '@jest/globals';
import { mulberry32 } from '@moola/contracts/mulberry32';
import {
  changeBucket,
  degreesOfFreedom,
  emptyProducts,
  productsVariance,
  valuesInReach,
  type BucketTotal,
  type LaggedProducts,
} from './lagged-products.js';
import { bartlettWeight, longRunVariance } from './newey-west.js';

function generator(seed: number): () => number {
  const next = mulberry32(seed);
  return () => next() / 2 ** 32;
}

const nothing: BucketTotal = { sum: 0, count: 0 };

/** A series that changes bucket by bucket. */
class Series {
  readonly buckets: BucketTotal[];

  constructor(
    length: number,
    public products: LaggedProducts,
  ) {
    this.buckets = new Array<BucketTotal>(length).fill(nothing);
  }

  change(t: number, now: BucketTotal): void {
    changeBucket(this.products, this.buckets[t] as BucketTotal, now, (distance) => this.buckets[t + distance]);
    this.buckets[t] = now;
  }
}

/** Values come in any order, some are taken back; now and then the products are saved and read again. */
function randomSeries(seed: number, lags: number): Series {
  const random = generator(seed);
  const series = new Series(1 + Math.floor(random() * 60), emptyProducts(lags));
  for (let i = 0; i < 200; i++) {
    const t = Math.floor(random() * series.buckets.length);
    const count = Math.floor(random() * 7);
    series.change(t, { sum: Math.floor(random() * (2 * count + 1)) - count, count });
    if (random() < 0.1) series.products = JSON.parse(JSON.stringify(series.products)) as LaggedProducts;
  }
  return series;
}

describe('lagged products', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('say the same as the buckets themselves (seed %i)', (seed) => {
    const lag = seed % 24;
    const { products, buckets } = randomSeries(seed, 24);
    const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
    expect(products.count).toBe(count);
    expect(products.buckets).toBe(buckets.filter((bucket) => bucket.count > 0).length);
    const mean = count === 0 ? 0 : products.sum / count;
    const deviations = buckets.map((bucket) => bucket.sum - mean * bucket.count);
    expect(productsVariance(products, mean, lag)).toBeCloseTo(longRunVariance(deviations, lag), 9);

    const counts = buckets.map((bucket) => bucket.count);
    expect(valuesInReach(products, lag) * count).toBeCloseTo(longRunVariance(counts, lag), 6);
    const products2 = (k: number) => counts.reduce((sum, n, t) => sum + n * (counts[t - k] ?? 0), 0);
    let squared = products2(0);
    for (let k = 1; k <= lag; k++) squared += 2 * bartlettWeight(k, lag) ** 2 * products2(k);
    expect(degreesOfFreedom(products, lag)).toBeCloseTo(count ** 2 / squared - 1, 9);
  });

  it.each(Array.from({ length: 10 }, (_, seed) => seed))(
    'are the same to the last bit in whatever order the buckets came (seed %i)',
    (seed) => {
      const { products, buckets } = randomSeries(seed, 12);
      const inOrder = new Series(buckets.length, emptyProducts(12));
      buckets.forEach((bucket, t) => inOrder.change(t, bucket));
      expect(inOrder.products).toEqual(products);
    },
  );

  it.each([1, -1, 0])('give exactly no variance when every difference is %i', (difference) => {
    const series = new Series(5, emptyProducts(5));
    [3, 1, 0, 7, 5].forEach((count, t) => series.change(t, { sum: difference * count, count }));
    expect(productsVariance(series.products, difference, 5)).toBe(0);
  });

  it('have as many degrees of freedom as buckets less one where these are alike and independent', () => {
    const series = new Series(8, emptyProducts(3));
    for (let t = 0; t < 8; t++) series.change(t, { sum: t % 2, count: 4 });
    expect(degreesOfFreedom(series.products, 0)).toBe(7);
    expect(degreesOfFreedom(series.products, 3)).toBeLessThan(4);
  });

  it('have none in a single bucket', () => {
    const series = new Series(1, emptyProducts(3));
    series.change(0, { sum: 2, count: 4000 });
    expect(degreesOfFreedom(series.products, 3)).toBe(0);
  });
});
