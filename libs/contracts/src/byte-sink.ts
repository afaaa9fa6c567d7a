import { writeText } from './columns/dictionary-writer.js';

/** Writes protobuf's wire format into one growing array. */
export class ByteSink {
  private bytes: Buffer;
  private view: DataView;
  private written = 0;

  /** @param expected bytes: when it is right nothing is copied */
  constructor(expected = 4096) {
    this.bytes = Buffer.allocUnsafe(expected);
    this.view = viewOf(this.bytes);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.written;
  }

  varint(value: number): void {
    this.reserve(value < 0x80 ? 1 : varintSize(value));
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.written++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.written++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.written);
    this.written += bytes.length;
  }

  double(tag: number, value: number): void {
    // A field from number 16 on has a tag of two bytes.
    this.varint(tag);
    this.reserve(8);
    this.view.setFloat64(this.written, value, true);
    this.written += 8;
  }

  unsigned(tag: number, value: number): void {
    this.varint(tag);
    this.varint(value);
  }

  text(tag: number, text: string): void {
    this.varint(tag);
    this.reserve(text.length * 3 + 5);
    this.written = writeText(this.bytes, this.written, text);
  }

  /** Begins a message of which nobody knows yet how long it becomes. @returns what `close` needs */
  open(tag: number): number {
    this.varint(tag);
    this.reserve(1);
    return this.written++;
  }

  /** Ends a message: fills in its length. */
  close(opened: number): void {
    const length = this.written - opened - 1;
    const more = varintSize(length) - 1;
    if (more > 0) {
      this.reserve(more);
      this.bytes.copyWithin(opened + 1 + more, opened + 1, this.written);
    }
    this.written = opened;
    this.varint(length);
    this.written += length;
  }

  /** A tag, a length and the bytes. */
  delimited(tag: number, bytes: Uint8Array): void {
    this.varint(tag);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  finish(): Uint8Array {
    // The buffer may be a part of one that Buffer shares: such a small one is copied.
    const isWhole = this.written === this.bytes.length && this.bytes.buffer.byteLength === this.written;
    return isWhole ? this.bytes : new Uint8Array(this.bytes.subarray(0, this.written));
  }

  /** A copy of what was written; begins anew, with the same buffer. */
  take(): Uint8Array {
    const bytes = new Uint8Array(this.bytes.subarray(0, this.written));
    this.written = 0;
    return bytes;
  }

  private reserve(more: number): void {
    if (this.written + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.written + more));
    larger.set(this.bytes.subarray(0, this.written));
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
