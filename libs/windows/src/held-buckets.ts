import type { BucketStore } from './bucket-store.js';
import type { ListArena } from './list-arena.js';
import { ring as field } from './ring-record.js';
import type { RowArena } from './row-arena.js';

/** The buckets of rings in which something happened: of each ring a list of their rows, by time. */
export class HeldBuckets {
  constructor(
    private readonly records: RowArena,
    private readonly buckets: BucketStore,
    private readonly lists: ListArena,
  ) {}

  size(ring: number): number {
    return this.records.values[ring + field.size]!;
  }

  rowAt(ring: number, position: number): number {
    return this.lists.values[this.records.values[ring + field.held]! + position]!;
  }

  /** The index of the bucket at a position; `Infinity` after the last. */
  indexAt(ring: number, position: number): number {
    return position < this.size(ring) ? this.buckets.indexOf(this.rowAt(ring, position)) : Infinity;
  }

  /** The position of the first bucket from `index` on: mostly found at the end, else by halving. */
  positionFrom(ring: number, index: number): number {
    let high = this.size(ring);
    if (high === 0 || this.indexAt(ring, high - 1) < index) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.indexAt(ring, middle) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The newest bucket; `null` when there is none. */
  newestIndex(ring: number): number | null {
    const size = this.size(ring);
    return size === 0 ? null : this.indexAt(ring, size - 1);
  }

  insert(ring: number, position: number, row: number): void {
    const { values } = this.records;
    values[ring + field.held] = this.lists.insert(
      values[ring + field.held]!,
      values[ring + field.size]!,
      position,
      row,
    );
    values[ring + field.size]!++;
  }

  /** Frees the oldest so many buckets. */
  dropFirst(ring: number, count: number): void {
    const { values } = this.records;
    for (let position = 0; position < count; position++) this.buckets.free(this.rowAt(ring, position));
    values[ring + field.held] = this.lists.removeFirst(values[ring + field.held]!, values[ring + field.size]!, count);
    values[ring + field.size]! -= count;
  }
}
