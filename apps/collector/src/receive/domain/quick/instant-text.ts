import { readInstant, type Instant } from '@moola/contracts/instants/read-instant';

/** `2026-01-31T12:00:00`, then up to nine digits of a second, then `Z`. */
const length = 19;
const dot = 0x2e;
const zero = 0x30;

/** Reads instants in UTC. Many events fall into one second: the last one is kept. */
export class InstantTexts {
  private second = '';
  private seconds = NaN;

  /** @returns null for whatever is not surely an instant in UTC after 1970 */
  read(text: string): Instant | null {
    const end = text.length - 1;
    if (end < length || end > length + 10 || text[end] !== 'Z') return null;
    const second = text.slice(0, length);
    if (second !== this.second) {
      const reading = readInstant(`${second}Z`);
      if (!reading.ok) return null;
      this.second = second;
      this.seconds = reading.instant.seconds;
    }
    if (!(this.seconds >= 0)) return null;
    if (end === length) return { seconds: this.seconds, nanos: 0 };
    if (text.charCodeAt(length) !== dot || end === length + 1) return null;
    let nanos = 0;
    for (let i = length + 1; i <= length + 9; i++) {
      const digit = i < end ? text.charCodeAt(i) - zero : 0;
      if (digit < 0 || digit > 9) return null;
      nanos = nanos * 10 + digit;
    }
    return { seconds: this.seconds, nanos };
  }
}
