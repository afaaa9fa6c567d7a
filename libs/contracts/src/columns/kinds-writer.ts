import { GrowingColumns, indexes } from './growing-columns.js';
import { packIndexes } from './packed.js';

/** Which kind each row is of. */
export class KindsWriter {
  private readonly growing = new GrowingColumns((rows) => ({ kinds: indexes(rows) }));
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(kind: number): void {
    const row = this.count++;
    this.growing.withRow(row).kinds[row] = kind;
  }

  /** The column. */
  finish(): Uint8Array {
    return packIndexes(this.growing.columns.kinds.subarray(0, this.count));
  }

  /** Begins anew, with the same memory. */
  clear(): void {
    this.count = 0;
  }
}
