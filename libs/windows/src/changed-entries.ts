import { beforeAll, ring as field } from './ring-record.js';
import type { RowArena } from './row-arena.js';

/** So many buckets lie in one entry of a checkpoint. */
export const bucketsPerEntry = 16;

/** The entry that holds a bucket. */
export function entryOf(index: number): number {
  return Math.floor(index / bucketsPerEntry);
}

/** Which entries of rings changed since the last checkpoint: one in a ring's record, and of few rings further ones. */
export class ChangedEntries {
  private readonly further = new Map<number, number[]>();

  constructor(private readonly records: RowArena) {}

  add(ring: number, entry: number): void {
    const { values } = this.records;
    const known = values[ring + field.changedEntry]!;
    if (known === entry) return;
    if (known === beforeAll) {
      values[ring + field.changedEntry] = entry;
      return;
    }
    const further = this.further.get(ring);
    if (further === undefined) this.further.set(ring, [entry]);
    else if (!further.includes(entry)) further.push(entry);
  }

  /** In the order in which they changed. */
  of(ring: number): readonly number[] {
    const known = this.records.values[ring + field.changedEntry]!;
    return known === beforeAll ? none : [known, ...(this.further.get(ring) ?? none)];
  }

  clear(ring: number): void {
    this.records.values[ring + field.changedEntry] = beforeAll;
    if (this.further.size > 0) this.further.delete(ring);
  }
}

const none: readonly never[] = [];
