import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type TextReading =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Reads a file of UTF-8 text, gzipped or not, without its byte order mark. */
export function readTextFile(path: string): TextReading {
  let bytes = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch (error) {
      return { ok: false, problem: `${path}: cannot be unzipped: ${(error as Error).message}` };
    }
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { ok: false, problem: `${path}: is UTF-16: save it as UTF-8` };
  if (!isUtf8(bytes))
    return { ok: false, problem: `${path}:${firstBadLine(bytes)}: is no UTF-8: save the file as UTF-8` };
  const text = bytes.toString('utf8');
  return { ok: true, text: text.startsWith('\ufeff') ? text.slice(1) : text };
}

function firstBadLine(bytes: Buffer): number {
  for (let start = 0, line = 1; ; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (newline < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
