/** Reads protobuf's wire format. */
export class ByteSource {
  private readonly view: DataView;
  private readonly bytes: Buffer;
  private position = 0;
  private end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /**
   * Reads a length, and on only so far, until `leave`.
   * @returns what `leave` needs
   * @throws {RangeError} when the bytes end before, as all that follows
   */
  enter(): number {
    const before = this.end;
    const end = this.varint() + this.position;
    if (end > before) throw new RangeError(`${end - before} bytes are missing`);
    this.end = end;
    return before;
  }

  leave(before: number): void {
    this.end = before;
  }

  /** At most 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.position++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a varint of more than 32 bits');
  }

  /** `null` when it takes more than 49 bits, as negative numbers do. */
  integer(): number | null {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.view.getUint8(this.position++);
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
    return null;
  }

  /** Passes over a varint of any size. */
  skipVarint(): void {
    while (this.view.getUint8(this.position++) >= 0x80);
  }

  double(): number {
    this.position += 8;
    return this.view.getFloat64(this.position - 8, true);
  }

  text(): string {
    const start = this.pass(this.varint());
    return this.bytes.toString('utf8', start, this.position);
  }

  /** Passes over so many bytes. @returns them */
  slice(length: number): Uint8Array {
    return this.bytes.subarray(this.pass(length), this.position);
  }

  /** @returns where it was before */
  private pass(length: number): number {
    const start = this.position;
    if (start + length > this.end) throw new RangeError(`${start + length - this.end} bytes are missing`);
    this.position += length;
    return start;
  }
}
