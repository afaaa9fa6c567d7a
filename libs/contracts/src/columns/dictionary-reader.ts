import { isAscii } from 'node:buffer';
import { GrowingColumns, indexes } from './growing-columns.js';

/** `repeated string dictionary = 1`: field 1, length-delimited. */
export const dictionaryTag = 0x0a;

/**
 * The strings of one record, each made when it is asked for: most of them are ids and inputs, which most readers pass on
 * without a look.
 */
export class DictionaryReader {
  private readonly texts: (string | undefined)[];
  private ascii: boolean | null = null;
  /** All strings as one, where a byte is a character. */
  private whole: string | null = null;

  /**
   * @param bytes in protobuf's wire format, one entry after the other
   * @param starts where the text of each entry begins. @param ends where it ends, and the next entry begins
   * @param more entries that stood elsewhere in the record; they follow
   */
  constructor(
    readonly bytes: Buffer,
    private readonly starts: Uint32Array,
    private readonly ends: Uint32Array,
    more: readonly string[] = [],
  ) {
    this.texts = new Array<string | undefined>(starts.length);
    for (const text of more) this.texts.push(text);
  }

  get length(): number {
    return this.texts.length;
  }

  text(index: number): string {
    return this.texts[index] ?? (this.texts[index] = this.slice(index));
  }

  /** In what lies in `bytes` a byte is a character. */
  get isAscii(): boolean {
    return (this.ascii ??= isAscii(this.bytes));
  }

  /** The entry lies in `bytes`, from `entryStart` with tag and length, from `textStart` without, to `end`. */
  hasBytes(index: number): boolean {
    return index < this.ends.length;
  }

  entryStart(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number);
  }

  textStart(index: number): number {
    return this.starts[index] as number;
  }

  end(index: number): number {
    return this.ends[index] as number;
  }

  /** One decoding of the whole is far cheaper than one a string; it needs a byte a character. */
  private slice(index: number): string {
    const start = this.starts[index];
    if (start === undefined) throw new Error(`the dictionary has no entry ${index}, it has ${this.length}`);
    if (!this.isAscii) return this.bytes.toString('utf8', start, this.ends[index]);
    this.whole ??= this.bytes.toString('latin1');
    return this.whole.substring(start, this.ends[index]);
  }
}

/** The dictionary that stands at the beginning of a record, and where the rest of the message begins. */
export interface LeadingDictionary {
  readonly bytes: Buffer;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly end: number;
}

/** Where entries begin and end, while they are being found. */
const found = new GrowingColumns((entries) => ({ starts: indexes(entries), ends: indexes(entries) }));

/** Finds the leading run of field 1; what a foreign writer put later comes out of the message itself. */
export function leadingDictionary(bytes: Uint8Array): LeadingDictionary {
  let entries = 0;
  let position = 0;
  while (position < bytes.length && bytes[position] === dictionaryTag) {
    position++;
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      if (position >= bytes.length || shift > 28) throw new Error(`dictionary is cut off at byte ${position}`);
      byte = bytes[position++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte > 0x7f);
    if (position + length > bytes.length) throw new Error(`dictionary is cut off at byte ${position}`);
    const { starts, ends } = found.withRow(entries);
    starts[entries] = position;
    position += length;
    ends[entries++] = position;
  }
  const starts = found.columns.starts.slice(0, entries);
  const ends = found.columns.ends.slice(0, entries);
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, position), starts, ends, end: position };
}
