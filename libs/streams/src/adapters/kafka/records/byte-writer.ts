/** Writes the protocol's primitive types (https://kafka.apache.org/protocol#protocol_types). */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(512);
  private at = 0;
  /** What is finished, and where in `buffer` the rest begins. */
  private readonly finished: Uint8Array[] = [];
  private from = 0;

  int8(value: number): this {
    this.at = this.room(1).writeInt8(value, this.at);
    return this;
  }

  int16(value: number): this {
    this.at = this.room(2).writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.room(4).writeInt32BE(value, this.at);
    return this;
  }

  int64(value: number): this {
    this.at = this.room(8).writeBigInt64BE(BigInt(value), this.at);
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length).room(length).write(value, this.at, 'utf8');
    this.at += length;
    return this;
  }

  /** With its length before it, in 32 bits. */
  bytes(value: Uint8Array): this {
    this.int32(value.length).room(value.length).set(value, this.at);
    this.at += value.length;
    return this;
  }

  /** As `bytes`, but not copied: they become a part of their own. */
  apart(value: Uint8Array): this {
    this.int32(value.length);
    this.finished.push(this.buffer.subarray(this.from, this.at), value);
    this.from = this.at;
    return this;
  }

  array<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  /** What was written, if nothing of it is apart. */
  done(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  /** What was written, part by part. */
  parts(): readonly Uint8Array[] {
    return [...this.finished, this.buffer.subarray(this.from, this.at)];
  }

  private room(bytes: number): Buffer {
    if (this.at + bytes > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.at + bytes));
      larger.set(this.buffer.subarray(0, this.at));
      this.buffer = larger;
    }
    return this.buffer;
  }
}
