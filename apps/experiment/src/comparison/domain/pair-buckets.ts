import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { isPossible, noPairs, sumOf, type PairCounts } from './pair-counts.js';
import type { PairBucket } from './pair-series.js';

/** So many buckets make an entry of the checkpoint. */
const CHUNK = 64;

interface Chunk {
  /** When one of its buckets changed last, by the clock, milliseconds since the epoch. */
  changedAtMs: number;
  readonly buckets: PairBucket[];
}

/** Identifies a pair: JSON of model, first and second, so that no two pairs share a key whatever their names hold. */
export type PairKey = string;

/**
 * The buckets by prediction time of all pairs of one partition. Each is kept while an outcome may still revise it: for a
 * stated time after its end, or after it changed last (history that was sent late). There is no more of them than of the
 * inputs that they count, which the join keeps as long.
 */
export class PairBuckets {
  /** By pair and number of the chunk. */
  private readonly chunks: KeyedState<Chunk>;
  /** The buckets of each pair by their start: follows from the chunks. */
  private readonly byStart = new Map<PairKey, Map<number, PairBucket>>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.chunks = new KeyedState('pair-buckets/', jsonEntry(1), entries);
    for (const [key, { buckets }] of this.chunks.entries()) {
      const starts = this.startsOf(pairOf(key));
      for (const bucket of buckets) starts.set(bucket.startMs, bucket);
    }
  }

  at(pair: PairKey, startMs: number): PairBucket | undefined {
    return this.byStart.get(pair)?.get(startMs);
  }

  /** In order of time. */
  of(pair: PairKey): PairBucket[] {
    return [...(this.byStart.get(pair)?.values() ?? [])].sort((a, b) => a.startMs - b.startMs);
  }

  /** The pairs that have a bucket. */
  pairs(): Iterable<PairKey> {
    return this.byStart.keys();
  }

  /**
   * Adds to a bucket, or takes away.
   *
   * @returns the bucket; `undefined` where this would leave less than nothing: what is taken away was never counted there.
   */
  add(pair: PairKey, startMs: number, bucketMs: number, change: PairCounts, nowMs: number): PairBucket | undefined {
    const known = this.at(pair, startMs);
    const counts = sumOf(known?.counts ?? noPairs, change);
    if (!isPossible(counts)) return undefined;
    const chunk = this.changeChunk(pair, startMs, bucketMs, nowMs);
    const bucket = known ?? { startMs, revision: 0, counts, published: noPairs };
    if (!known) {
      chunk.buckets.push(bucket);
      this.startsOf(pair).set(startMs, bucket);
    }
    bucket.counts = counts;
    return bucket;
  }

  /** What a bucket counts is published as its next revision. */
  publish(pair: PairKey, bucket: PairBucket, bucketMs: number, nowMs: number): void {
    this.changeChunk(pair, bucket.startMs, bucketMs, nowMs);
    bucket.revision += 1;
    bucket.published = bucket.counts;
  }

  forgetPair(pair: PairKey, bucketMs: number): void {
    for (const startMs of this.byStart.get(pair)?.keys() ?? []) this.chunks.delete(chunkKey(pair, startMs, bucketMs));
    this.byStart.delete(pair);
  }

  /** Forgets what ended and changed last before `beforeMs(pair)`. */
  forget(bucketMsOf: (pair: PairKey) => number, beforeMsOf: (pair: PairKey) => number): void {
    for (const [key, { changedAtMs, buckets }] of this.chunks.entries()) {
      const pair = pairOf(key);
      const endMs = (numberOf(key) + 1) * CHUNK * bucketMsOf(pair);
      if (Math.max(endMs, changedAtMs) >= beforeMsOf(pair)) continue;
      this.chunks.delete(key);
      const starts = this.startsOf(pair);
      for (const { startMs } of buckets) starts.delete(startMs);
      if (starts.size === 0) this.byStart.delete(pair);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.chunks.takeChanges(into);
  }

  private changeChunk(pair: PairKey, startMs: number, bucketMs: number, nowMs: number): Chunk {
    const create = () => ({ changedAtMs: nowMs, buckets: [] });
    const chunk = this.chunks.change(chunkKey(pair, startMs, bucketMs), create);
    chunk.changedAtMs = nowMs;
    return chunk;
  }

  private startsOf(pair: PairKey): Map<number, PairBucket> {
    let starts = this.byStart.get(pair);
    if (starts === undefined) {
      starts = new Map();
      this.byStart.set(pair, starts);
    }
    return starts;
  }
}

function chunkKey(pair: PairKey, startMs: number, bucketMs: number): string {
  return JSON.stringify([pair, Math.floor(startMs / bucketMs / CHUNK)]);
}

function pairOf(key: string): PairKey {
  return (JSON.parse(key) as [PairKey, number])[0];
}

function numberOf(key: string): number {
  return (JSON.parse(key) as [PairKey, number])[1];
}
