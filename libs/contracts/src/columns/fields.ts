import { ByteSource } from '../byte-source.js';

const delimited = 2;
/** Bytes that each other wire type takes: fixed 64 and fixed 32 bits; 0 is a varint. */
const fixed: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const none: readonly never[] = [];
const noBytes = new Uint8Array(0);

/** The length-delimited fields of a message by number, each time that one occurs. Others are passed over. */
export class DelimitedFields {
  private readonly fields: (Uint8Array[] | undefined)[] = [];

  /** @throws {RangeError} when the bytes end before */
  constructor(bytes: Uint8Array) {
    const source = new ByteSource(bytes);
    while (!source.done) {
      const tag = source.varint();
      const type = tag & 7;
      if (type === delimited) this.add(tag >>> 3, source.slice(source.varint()));
      else if (type === 0) source.skipVarint();
      else if (fixed[type] === undefined) throw new RangeError(`wire type ${type} is not known`);
      else source.slice(fixed[type]);
    }
  }

  all(field: number): readonly Uint8Array[] {
    return this.fields[field] ?? none;
  }

  /** Bytes of a singular field: the last counts, none are empty. */
  bytes(field: number): Uint8Array {
    return this.fields[field]?.at(-1) ?? noBytes;
  }

  /** Fields of a singular message: protobuf merges the parts that it may come in, and so does concatenation. */
  message(field: number): DelimitedFields | null {
    const [first, ...more] = this.all(field);
    if (first === undefined) return null;
    return new DelimitedFields(more.length === 0 ? first : Buffer.concat([first, ...more]));
  }

  private add(field: number, bytes: Uint8Array): void {
    const found = this.fields[field];
    if (found === undefined) this.fields[field] = [bytes];
    else found.push(bytes);
  }
}
