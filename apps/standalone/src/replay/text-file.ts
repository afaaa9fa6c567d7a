import { isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';

export type TextReading =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** A file is no text that can be read: the message says which, and what is wrong with it. */
export class UnreadableTextError extends Error {
  override readonly name = 'UnreadableTextError';
}

/** Reads a small file of UTF-8 text, gzipped or not, without its byte order mark. */
export function readTextFile(path: string): TextReading {
  try {
    const bytes = readFileSync(path);
    return { ok: true, text: new LinesDecoder(path).decode(isGzip(bytes) ? unzipped(path, bytes) : bytes) };
  } catch (error) {
    if (error instanceof UnreadableTextError) return { ok: false, problem: error.message };
    throw error;
  }
}

const pieceBytes = 1 << 20;
const lineFeed = 0x0a;

/**
 * The text of such a file, however large, in pieces that end where a line does.
 * @throws {UnreadableTextError}
 */
export async function* textPieces(path: string): AsyncGenerator<string> {
  const decoder = new LinesDecoder(path);
  let begun: Buffer[] = [];
  for await (const bytes of plainBytes(path)) {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield decoder.decode(Buffer.concat([...begun, bytes.subarray(0, end)]));
      begun = [];
    }
    if (end < bytes.length) begun.push(bytes.subarray(end));
  }
  yield decoder.decode(Buffer.concat(begun));
}

async function* plainBytes(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  if (!isGzip(firstBytes(path))) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  // What goes wrong is thrown where the bytes are read.
  pipeline(file, gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw cannotBeUnzipped(path, error);
  }
}

/** Decodes whole lines, and knows how many came before. */
class LinesDecoder {
  private lines = 0;
  private isFirst = true;

  constructor(private readonly path: string) {}

  decode(bytes: Buffer): string {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    if (this.isFirst && isUtf16) throw new UnreadableTextError(`${this.path}: is UTF-16: save it as UTF-8`);
    if (!isUtf8(bytes)) {
      const line = this.lines + firstBadLine(bytes);
      throw new UnreadableTextError(`${this.path}:${line}: is no UTF-8: save the file as UTF-8`);
    }
    const text = bytes.toString('utf8');
    const hasMark = this.isFirst && text.startsWith('\ufeff');
    this.isFirst = false;
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) this.lines++;
    return hasMark ? text.slice(1) : text;
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes);
  } finally {
    closeSync(file);
  }
  return bytes;
}

function unzipped(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw cannotBeUnzipped(path, error);
  }
}

const cannotBeUnzipped = (path: string, error: unknown): UnreadableTextError =>
  new UnreadableTextError(`${path}: cannot be unzipped: ${(error as Error).message}`);

function firstBadLine(bytes: Buffer): number {
  for (let start = 0, line = 1; ; line++) {
    const newline = bytes.indexOf(lineFeed, start);
    const end = newline < 0 ? bytes.length : newline;
    if (newline < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
