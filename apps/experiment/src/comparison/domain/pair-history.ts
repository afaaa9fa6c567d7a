import { appendBucket, appendEmptyBuckets, emptyLaggedSums, type LaggedSums } from '@moola/statistics/lagged-sums';
import {
  differenceOf,
  isPossible,
  noPairs,
  onePair,
  sumOf,
  type PairCounts,
  type PairedAnswers,
} from './pair-counts.js';

/**
 * What is known of two versions since the serving one began to serve: totals and lagged sums of the closed buckets,
 * and the buckets that are still open. Its size does not grow with time. Plain data: JSON keeps it.
 */
export interface PairHistory {
  readonly first: string;
  readonly second: string;
  /** Over closed buckets. */
  totals: PairCounts;
  /** Right(first) − right(second), a bucket. */
  readonly sums: LaggedSums;
  /** Of the pair that was predicted last, and of the one that became known last; 0 before any. Missing in old entries. */
  newest?: { readonly predictedAtMs: number; readonly knownAtMs: number };
  /** Index of the first closed bucket with a pair; −1 while there is none. */
  firstBucket: number;
  /** Buckets that have not closed: [index, counts], by index. */
  open: [number, PairCounts][];
}

export function emptyHistory(first: string, second: string, lag: number): PairHistory {
  return { first, second, totals: noPairs, sums: emptyLaggedSums(lag), firstBucket: -1, open: [] };
}

/** Counts an input that both answered. @param bucket in which its truth became known, not closed yet. */
export function addPair(history: PairHistory, bucket: number, answers: PairedAnswers): void {
  addTo(history, bucket, onePair(answers));
}

/** Remembers how recent the pairs are. @param predictedAtMs the later of both predictions. */
export function remember(history: PairHistory, predictedAtMs: number, knownAtMs: number): void {
  history.newest = {
    predictedAtMs: Math.max(predictedAtMs, history.newest?.predictedAtMs ?? 0),
    knownAtMs: Math.max(knownAtMs, history.newest?.knownAtMs ?? 0),
  };
}

/**
 * The truth of a counted input changed. What changes is added where it became known, since closed buckets stay as they
 * are: totals are then those of the new truth. What was never counted here (the serving version changed in between) is
 * not taken back.
 */
export function correctPair(history: PairHistory, bucket: number, before: PairedAnswers, now: PairedAnswers): void {
  const change = differenceOf(onePair(now), onePair(before));
  const all = history.open.reduce((sum, [, counts]) => sumOf(sum, counts), history.totals);
  if (all.pairs === 0 || !isPossible(sumOf(all, change))) return;
  // Never into an earlier bucket than the pair itself, or totals could pass below zero while buckets close.
  const newest = history.open.at(-1)?.[0] ?? bucket;
  addTo(history, Math.max(bucket, newest), change);
}

/**
 * Takes in what has closed.
 *
 * @param closed index of the first bucket that is not closed.
 * @returns whether there are more pairs than before: corrections alone wait for the next pair.
 */
export function closeBuckets(history: PairHistory, closed: number): boolean {
  const closing = history.open.filter(([bucket]) => bucket < closed);
  const before = history.totals.pairs;
  history.open = history.open.filter(([bucket]) => bucket >= closed);
  for (const [bucket, counts] of closing) {
    if (history.firstBucket < 0) history.firstBucket = bucket;
    appendEmptyBuckets(history.sums, bucket - history.firstBucket - history.sums.buckets);
    appendBucket(history.sums, { sum: counts.firstOnly - counts.secondOnly, count: counts.pairs });
    history.totals = sumOf(history.totals, counts);
  }
  return history.totals.pairs > before;
}

function addTo(history: PairHistory, bucket: number, counts: PairCounts): void {
  const at = history.open.findIndex(([index]) => index >= bucket);
  const found = at < 0 ? undefined : history.open[at];
  if (found?.[0] === bucket) found[1] = sumOf(found[1], counts);
  else history.open.splice(at < 0 ? history.open.length : at, 0, [bucket, counts]);
}
