/** Writes protobuf's wire format into one growing array. */
export class ByteSink {
  private bytes: Buffer;
  private view: DataView;
  private length = 0;

  /** @param expected bytes: when it is right nothing is copied */
  constructor(expected = 4096) {
    this.bytes = Buffer.allocUnsafe(expected);
    this.view = viewOf(this.bytes);
  }

  varint(value: number): void {
    this.reserve(value < 0x80 ? 1 : varintSize(value));
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  double(tag: number, value: number): void {
    this.reserve(9);
    this.bytes[this.length] = tag;
    this.view.setFloat64(this.length + 1, value, true);
    this.length += 9;
  }

  /** A tag, a length and the bytes. */
  delimited(tag: number, bytes: Uint8Array): void {
    this.varint(tag);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  finish(): Uint8Array {
    // The buffer may be a part of one that Buffer shares: such a small one is copied.
    const isWhole = this.length === this.bytes.length && this.bytes.buffer.byteLength === this.length;
    return isWhole ? this.bytes : new Uint8Array(this.bytes.subarray(0, this.length));
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

/** How many bytes a varint takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

/** How many bytes a tag below 16 takes with a length and so many bytes. */
export function delimitedSize(bytes: number): number {
  return 1 + varintSize(bytes) + bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
