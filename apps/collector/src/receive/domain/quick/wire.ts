/** Protobuf's wire types. */
export const wireType = { varint: 0, bit64: 1, delimited: 2, bit32: 5 } as const;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/**
 * Reads protobuf's wire format without making anything, as far as it is written in the plain way. Whatever is not (a cut,
 * a group, a number of needless length) makes it `needsFallback`; all that it gives from then on means nothing.
 */
export class Wire {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  needsFallback = false;

  begin(bytes: Buffer, start: number): void {
    this.bytes = bytes;
    this.at = start;
    this.needsFallback = false;
  }

  /** A tag of one byte or two: fields up to number 2047. 0 for a longer one, which `skip` reads again. */
  tag(): number {
    const first = this.bytes[this.at++] as number;
    return first < 0x80 ? first : this.longTag(first);
  }

  private longTag(first: number): number {
    const second = this.bytes[this.at++] as number;
    return second < 0x80 ? (first & 0x7f) | (second << 7) : 0;
  }

  /** A number below 2^49. @param end of what may be read, as everywhere here */
  varint(end: number): number {
    let value = 0;
    let unit = 1;
    while (this.at < end) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
      if (unit > 0x2000000000000) break;
    }
    this.needsFallback = true;
    return 0;
  }

  /** Passes a length. @returns where what is that long ends */
  delimited(end: number): number {
    const first = this.bytes[this.at] as number;
    let length = first;
    if (first < 0x80) this.at++;
    else length = this.varint(end);
    const stop = this.at + length;
    if (stop <= end) return stop;
    this.needsFallback = true;
    return end;
  }

  /** A finite number. */
  double(end: number): number {
    const { bytes, at } = this;
    if (at + 8 > end) {
      this.needsFallback = true;
      return NaN;
    }
    for (let i = 0; i < 8; i++) floatBytes[i] = bytes[at + i] as number;
    this.at = at + 8;
    const value = float[0] as number;
    if (!Number.isFinite(value)) this.needsFallback = true;
    return value;
  }

  /**
   * Passes over a field that is not known. Its tag is read again.
   * @param known whether the field's number belongs to a known one, written in another way than expected
   */
  skip(tagAt: number, end: number, known: (field: number) => boolean): void {
    this.at = tagAt;
    const tag = this.varint(end);
    const field = Math.floor(tag / 8);
    if (field === 0 || tag > 0xffffffff || known(field)) this.needsFallback = true;
    switch (tag % 8) {
      case wireType.varint:
        while (this.at < end) if ((this.bytes[this.at++] as number) < 0x80) return;
        this.needsFallback = true;
        return;
      case wireType.bit64:
        this.at += 8;
        break;
      case wireType.delimited:
        this.at = this.delimited(end);
        break;
      case wireType.bit32:
        this.at += 4;
        break;
      default:
        this.needsFallback = true;
    }
    if (this.at > end) this.needsFallback = true;
  }
}
