/**
 * Whole numbers, not negative and below 2⁵³, in as few bytes as they need: seven bits a byte, the lowest first, the
 * eighth bit set on all but the last byte.
 */
export class PackedWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** @throws {RangeError} for what is no such number */
  number(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`${value} cannot be packed: expected a whole number from 0 to 2⁵³ − 1`);
    }
    if (this.length + 8 > this.bytes.length) this.grow();
    let rest = value;
    // Bit operations are far cheaper than division; they reach as far as 31 bits.
    while (rest >= 0x80000000) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** What was written since the last call. */
  finish(): Uint8Array {
    const written = this.bytes.slice(0, this.length);
    this.length = 0;
    return written;
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads back what `PackedWriter` wrote, in the same order. */
export class PackedReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  number(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) throw new Error(`packed numbers end after ${this.bytes.length} bytes, within a number`);
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }
}
