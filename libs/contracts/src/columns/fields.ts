import { ByteSource } from '../byte-source.js';

const delimited = 2;
/** Bytes that each other wire type takes: fixed 64 and fixed 32 bits; 0 is a varint. */
const fixed: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * The length-delimited fields of a message, by number, each time that one occurs. Others are passed over.
 * @param count of the fields; higher numbers are passed over as well
 * @throws {RangeError} when the bytes end before
 */
export function delimitedFields(bytes: Uint8Array, count: number): Uint8Array[][] {
  const fields = Array.from({ length: count + 1 }, (): Uint8Array[] => []);
  const source = new ByteSource(bytes);
  while (!source.done) {
    const tag = source.varint();
    const type = tag & 7;
    if (type === delimited) fields[tag >>> 3]?.push(source.slice(source.varint()));
    else if (type === 0) source.skipVarint();
    else if (fixed[type] === undefined) throw new RangeError(`wire type ${type} is not known`);
    else source.slice(fixed[type]);
  }
  return fields;
}

/** One message out of the parts that a singular field may come in: protobuf merges them, and so does concatenation. */
export function merged(parts: readonly Uint8Array[]): Uint8Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  return parts.length === 1 ? first : Buffer.concat(parts);
}
