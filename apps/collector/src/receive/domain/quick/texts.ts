import { printable } from '../checks.js';

const space = 0x20;
const tilde = 0x7e;
/** Stands in the place of bytes that are no UTF-8; a sender may also mean it. */
const replacement = '\ufffd';

/** Whether bytes are ASCII that can be printed. */
export function isPrintableAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < space || byte > tilde) return false;
  }
  return true;
}

/** UTF-8 as text; `null` unless it is surely well-formed, printable, and at most `most` UTF-16 code units long. */
export function printableText(bytes: Buffer, start: number, end: number, most: number): string | null {
  if (isPrintableAscii(bytes, start, end)) return end - start > most ? null : bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  return text.length > most || text.includes(replacement) || !printable.test(text) ? null : text;
}

/** Whether a text can be printed and is at most `most` UTF-16 code units long. */
export function isPrintable(text: string, most: number): boolean {
  if (text.length > most) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < space || unit > tilde) return printable.test(text);
  }
  return true;
}
