import { printable } from './checks.js';

const control = /[\p{Cc}\s]+/gu;
const halfCharacter = /\p{Cs}/gu;
const replacement = '\ufffd';
const ellipsis = '…';

/** With a sign in the place of each half of a surrogate pair. */
export function wellFormed(text: string): string {
  return text.replace(halfCharacter, replacement);
}

/** A text of several lines, or of too many characters, as one line of at most `most`: its beginning. Others as they are. */
export function oneLine(text: string, most: number): string {
  if (text.length <= most && printable.test(text)) return text;
  const line = wellFormed(text.replace(control, ' ').trim());
  // Nothing but white space still says that it failed.
  if (line === '') return text === '' ? '' : ellipsis;
  if (line.length <= most) return line;
  return line.slice(0, most - 1).replace(halfCharacter, '') + ellipsis;
}
