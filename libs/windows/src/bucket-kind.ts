import type { PackedReader, PackedWriter } from './packed-numbers.js';

/** What every bucket has: which one it is, counted from the epoch in its tier's length. */
export interface Bucket {
  readonly index: number;
}

/** How buckets of one kind are made, merged and kept. Merging is exact: whole numbers only. */
export interface BucketKind<B extends Bucket> {
  create(index: number): B;
  /** One that holds nothing. Shared: nobody changes it. */
  readonly empty: B;
  /** Adds all that `bucket` holds to `total`. */
  add(total: B, bucket: B): void;
  /** Takes away what was added before. */
  subtract(total: B, bucket: B): void;
  write(bucket: B, writer: PackedWriter): void;
  read(index: number, reader: PackedReader): B;
}
