import { packIndexes } from './packed.js';

/** Which kind each row is of. */
export class KindsWriter {
  private kinds = new Uint32Array(64);
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(kind: number): void {
    if (this.count === this.kinds.length) {
      const before = this.kinds;
      this.kinds = new Uint32Array(2 * before.length);
      this.kinds.set(before);
    }
    this.kinds[this.count++] = kind;
  }

  /** The column. */
  finish(): Uint8Array {
    return packIndexes(this.kinds.subarray(0, this.count));
  }

  /** Begins anew, with the same memory. */
  clear(): void {
    this.count = 0;
  }
}
