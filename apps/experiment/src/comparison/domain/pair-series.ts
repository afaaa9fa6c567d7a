import { changeBucket, emptyProducts, type BucketTotal, type LaggedProducts } from '@moola/statistics/lagged-products';
import { LAGS } from './compare-pair.js';
import { differenceOf, noPairs, pairsOf, sumOf, type PairCounts } from './pair-counts.js';

/**
 * What is known of two versions on inputs predicted since the serving one began to serve: the sum of what was published of
 * their buckets. Its size does not grow with time. Plain data: JSON keeps it.
 */
export interface PairSeries {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  totals: PairCounts;
  /** Right(first) − right(second), a bucket. */
  products: LaggedProducts;
  /** How recent its pairs are; 0 before any. */
  newest: NewestPair;
}

/** Milliseconds since the epoch. */
export interface NewestPair {
  /** Of the pair that was predicted last: the later of both predictions. */
  readonly predictedAtMs: number;
  /** Of the pair that became known last. */
  readonly knownAtMs: number;
}

const noPair: NewestPair = { predictedAtMs: 0, knownAtMs: 0 };

/** One bucket by prediction time. Plain data, changed in place. */
export interface PairBucket {
  readonly startMs: number;
  /** Of what was published last; 0 before. */
  revision: number;
  counts: PairCounts;
  /** What the last revision said. */
  published: PairCounts;
}

export function emptySeries(model: string, first: string, second: string): PairSeries {
  return { model, first, second, totals: noPairs, products: emptyProducts(LAGS), newest: noPair };
}

/**
 * A bucket of the series says something new: its published counts become those that it has now.
 *
 * @param at what was published of the bucket so many places away; `undefined` where there is none.
 */
export function takeIn(series: PairSeries, bucket: PairBucket, at: (distance: number) => PairBucket | undefined): void {
  const totalAt = (distance: number) => {
    const other = at(distance);
    return other && totalOf(other.published);
  };
  changeBucket(series.products, totalOf(bucket.published), totalOf(bucket.counts), totalAt);
  series.totals = sumOf(series.totals, differenceOf(bucket.counts, bucket.published));
}

export function remember(series: PairSeries, { predictedAtMs, knownAtMs }: NewestPair): void {
  series.newest = {
    predictedAtMs: Math.max(predictedAtMs, series.newest.predictedAtMs),
    knownAtMs: Math.max(knownAtMs, series.newest.knownAtMs),
  };
}

function totalOf(counts: PairCounts): BucketTotal {
  return { sum: counts.firstOnly - counts.secondOnly, count: pairsOf(counts) };
}
