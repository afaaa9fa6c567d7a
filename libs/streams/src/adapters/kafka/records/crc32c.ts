/** Tables for eight bytes at a time ("slicing by 8", Kounavis and Berry 2005), polynomial of Castagnoli. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  (tables[0] as Int32Array)[byte] = value;
}
for (let table = 1; table < 8; table++) {
  const [first, previous, present] = [tables[0], tables[table - 1], tables[table]] as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let byte = 0; byte < 256; byte++) {
    const value = previous[byte] as number;
    present[byte] = (value >>> 8) ^ (first[value & 255] as number);
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as unknown as Readonly<Record<number, number>>[] &
  [T, T, T, T, T, T, T, T];
type T = { readonly [byte: number]: number };

/** The checksum of a record batch (RFC 3720, appendix B.4), as an unsigned number. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let at = from;
  for (const last = to - 7; at < last; at += 8) {
    const low =
      crc ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    crc =
      (t7[low & 255] as number) ^
      (t6[(low >>> 8) & 255] as number) ^
      (t5[(low >>> 16) & 255] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}
