import type { Bucket } from './bucket-kind.js';

/** Buckets in which something happened, by time: mostly found at the end, else by halving. */
export class HeldBuckets<B extends Bucket> {
  private readonly buckets: B[] = [];

  get size(): number {
    return this.buckets.length;
  }

  /** The bucket at a position. */
  at(position: number): B | undefined {
    return this.buckets[position];
  }

  get(index: number): B | undefined {
    const bucket = this.buckets[this.from(index)];
    return bucket?.index === index ? bucket : undefined;
  }

  /** The position of the first bucket from `index` on. */
  from(index: number): number {
    const { buckets } = this;
    let high = buckets.length;
    if (high === 0 || (buckets[high - 1] as B).index < index) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((buckets[middle] as B).index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Those from `index` on that lie before `end`. */
  between(index: number, end: number): readonly B[] {
    return this.buckets.slice(this.from(index), this.from(end));
  }

  add(bucket: B): void {
    const { buckets } = this;
    const position = this.from(bucket.index);
    if (position === buckets.length) buckets.push(bucket);
    else buckets.splice(position, 0, bucket);
  }

  /** Takes out what lies before `index`. */
  takeBefore(index: number): readonly B[] {
    const end = this.from(index);
    return end === 0 ? none : this.buckets.splice(0, end);
  }

  [Symbol.iterator](): IterableIterator<B> {
    return this.buckets.values();
  }
}

const none: readonly never[] = [];
