import type { Bucket } from './bucket-kind.js';

/** Buckets in which something happened, by time. A plain array: a series has several, and there are many series. */
export type HeldBuckets<B extends Bucket> = readonly B[];

/** The position of the first bucket from `index` on: mostly found at the end, else by halving. */
export function positionFrom(held: HeldBuckets<Bucket>, index: number): number {
  let high = held.length;
  if (high === 0 || (held[high - 1] as Bucket).index < index) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle] as Bucket).index < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function bucketOf<B extends Bucket>(held: HeldBuckets<B>, index: number): B | undefined {
  const bucket = held[positionFrom(held, index)];
  return bucket?.index === index ? bucket : undefined;
}

/** @returns the buckets with one more. Few are copied: an array that grows by itself makes room for 17. */
export function withBucket<B extends Bucket>(held: B[], bucket: B): B[] {
  const position = positionFrom(held, bucket.index);
  if (held.length < 8) return [...held.slice(0, position), bucket, ...held.slice(position)];
  if (position === held.length) held.push(bucket);
  else held.splice(position, 0, bucket);
  return held;
}
