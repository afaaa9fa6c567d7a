/** A number that no entry of a checkpoint can hold. */
export class UnpackableNumberError extends RangeError {
  override readonly name = 'UnpackableNumberError';
  constructor(value: number) {
    super(`${value} cannot be packed: expected a whole number from 0 to 2⁵³ − 1`);
  }
}

/**
 * Whole numbers, not negative and below 2⁵³, in as few bytes as they need: seven bits a byte, the lowest first, the
 * eighth bit set on all but the last byte.
 */
export class PackedWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** Drops what was written since the last `finish`: of an entry that was given up, perhaps. */
  begin(): this {
    this.length = 0;
    return this;
  }

  /** @throws {UnpackableNumberError} for what is no such number */
  number(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw new UnpackableNumberError(value);
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

  /** Several in one number: at most 31. */
  flags(flags: readonly boolean[]): void {
    let bits = 0;
    for (let i = 0; i < flags.length; i++) if (flags[i]) bits |= 1 << i;
    this.number(bits);
  }

  /** Any number, in eight bytes. */
  double(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow();
    this.bytes.set(bytesOfDouble(value), this.length);
    this.length += 8;
  }

  text(text: string): void {
    const bytes = encoder.encode(text);
    this.number(bytes.length);
    while (this.length + bytes.length > this.bytes.length) this.grow();
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
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

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

/** Valid until the next call. */
function bytesOfDouble(value: number): Uint8Array {
  scratch.setFloat64(0, value, true);
  return scratchBytes;
}

/** Reads back what `PackedWriter` wrote, in the same order. */
export class PackedReader {
  /** In which version what follows is written: set by whoever has read the format byte. 0: the present one. */
  format = 0;
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  flags(count: number): boolean[] {
    const bits = this.number();
    return Array.from({ length: count }, (_, i) => (bits & (1 << i)) !== 0);
  }

  double(): number {
    scratchBytes.set(this.slice(8));
    return scratch.getFloat64(0, true);
  }

  text(): string {
    return decoder.decode(this.slice(this.number()));
  }

  private slice(length: number): Uint8Array {
    const start = this.position;
    this.position += length;
    if (this.position > this.bytes.length) {
      throw new Error(`packed numbers end after ${this.bytes.length} bytes, within a text or number`);
    }
    return this.bytes.subarray(start, this.position);
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
