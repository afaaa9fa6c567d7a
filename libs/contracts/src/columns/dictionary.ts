import { isAscii } from 'node:buffer';

/** `repeated string dictionary = 1`: field 1, length-delimited. */
const dictionaryTag = 0x0a;

/**
 * The strings of one record. Index 0 is the empty string, which most optional columns hold in every row.
 * Strings must be well-formed (the door refuses lone surrogates): UTF-8 has nothing for others.
 */
export class DictionaryWriter {
  private readonly strings: string[] = [''];
  private readonly indexes = new Map<string, number>([['', 0]]);

  /** The index of a string that is likely to repeat: a model, a version, a class. */
  index(text: string): number {
    let index = this.indexes.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.indexes.set(text, index);
    }
    return index;
  }

  /** A new index for a string that hardly repeats: an id, an input. Costs no lookup. */
  append(text: string): number {
    if (text === '') return 0;
    return this.strings.push(text) - 1;
  }

  /** The field `dictionary` in protobuf's wire format. Protobuf messages may be concatenated; so is this with the rest. */
  finish(): Buffer {
    let bound = 0;
    for (const text of this.strings) bound += text.length * 3 + 6;
    const bytes = Buffer.allocUnsafe(bound);
    let position = 0;
    for (const text of this.strings) {
      bytes[position++] = dictionaryTag;
      position = text.length < 43 ? writeShort(bytes, position, text) : writeLong(bytes, position, text);
    }
    return bytes.subarray(0, position);
  }
}

/** At most 42 code units give at most 126 bytes: the length is one byte, filled in afterwards. */
function writeShort(bytes: Buffer, start: number, text: string): number {
  let position = start + 1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) {
      const length = bytes.write(text, start + 1, 'utf8');
      bytes[start] = length;
      return start + 1 + length;
    }
    bytes[position++] = unit;
  }
  bytes[start] = text.length;
  return position;
}

function writeLong(bytes: Buffer, start: number, text: string): number {
  let length = Buffer.byteLength(text, 'utf8');
  let position = start;
  const total = length;
  while (length > 0x7f) {
    bytes[position++] = (length & 0x7f) | 0x80;
    length >>>= 7;
  }
  bytes[position++] = length;
  bytes.write(text, position, 'utf8');
  return position + total;
}

/** The dictionary that stands at the beginning of a record, and where the rest of the message begins. */
export interface ReadDictionary {
  readonly strings: string[];
  readonly end: number;
}

/** Reads the leading run of field 1; what a foreign writer put later comes out of the message itself. */
export function readDictionary(bytes: Uint8Array): ReadDictionary {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  const ends: number[] = [];
  let position = 0;
  while (position < buffer.length && buffer[position] === dictionaryTag) {
    position++;
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      if (position >= buffer.length || shift > 28) throw new Error(`dictionary is cut off at byte ${position}`);
      byte = buffer[position++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte > 0x7f);
    if (position + length > buffer.length) throw new Error(`dictionary is cut off at byte ${position}`);
    starts.push(position);
    position += length;
    ends.push(position);
  }
  return { strings: slices(buffer.subarray(0, position), starts, ends), end: position };
}

/** One decoding of the whole is far cheaper than one a string; it needs a byte a character. */
function slices(buffer: Buffer, starts: readonly number[], ends: readonly number[]): string[] {
  if (isAscii(buffer)) {
    const whole = buffer.toString('latin1');
    return starts.map((start, i) => whole.substring(start, ends[i]));
  }
  return starts.map((start, i) => buffer.toString('utf8', start, ends[i]));
}
