import { readInstant, type Instant } from '@moola/contracts/instants/read-instant';

/** `2026-01-31T12:00:00`, then up to nine digits of a second, then `Z`. */
const length = 19;
const dayLength = 10;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;

/** Reads instants in UTC. Many events fall into one second and nearly all into one day: the last ones are kept. */
export class InstantTexts {
  private day = '';
  private daySeconds = NaN;
  private second = '';
  private seconds = NaN;

  /** @returns null for whatever is not surely an instant in UTC after 1970 */
  read(text: string): Instant | null {
    const end = text.length - 1;
    if (end < length || end > length + 10 || text[end] !== 'Z') return null;
    const second = text.slice(0, length);
    if (second !== this.second) {
      const seconds = this.secondsOf(second);
      if (seconds === null) return null;
      this.second = second;
      this.seconds = seconds;
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

  private secondsOf(second: string): number | null {
    const day = second.slice(0, dayLength);
    if (day !== this.day) {
      const reading = readInstant(`${day}T00:00:00Z`);
      if (!reading.ok) return null;
      this.day = day;
      this.daySeconds = reading.instant.seconds;
    }
    const hour = twoDigits(second, 11);
    const minute = twoDigits(second, 14);
    const rest = twoDigits(second, 17);
    const hasMarks = second[dayLength] === 'T' && second.charCodeAt(13) === colon && second.charCodeAt(16) === colon;
    // NaN is below nothing.
    if (!hasMarks || !(hour < 24 && minute < 60 && rest < 60)) return null;
    return this.daySeconds + hour * 3600 + minute * 60 + rest;
  }
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
