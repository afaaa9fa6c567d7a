import { readOffset } from './stored-batch.js';

/** Reads the protocol's primitive types. */
export class ByteReader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  int16(): number {
    this.at += 2;
    return this.buffer.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.buffer.readInt32BE(this.at - 4);
  }

  /** Exact up to 2^53. */
  int64(): number {
    this.at += 8;
    return readOffset(this.buffer, this.at - 8);
  }

  bigint64(): bigint {
    this.at += 8;
    return this.buffer.readBigInt64BE(this.at - 8);
  }

  string(): string {
    const length = this.int16();
    if (length < 0) return '';
    this.at += length;
    return this.buffer.toString('utf8', this.at - length, this.at);
  }

  /** A view; `null` is empty. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }

  /** `null` is empty. */
  array<T>(read: (reader: this) => T): T[] {
    const items: T[] = [];
    for (let left = this.int32(); left > 0; left--) items.push(read(this));
    return items;
  }
}
