import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { NumberLimits } from '@moola/contracts/number-limits';
import { isWithin } from '@moola/contracts/telemetry-numbers';
import { millisOf } from './instants.js';
import type { Refused } from './refused.js';

/** What a field may hold; `null` when the value is right. */
export type Check = Refused | null;

/**
 * Any Unicode but control characters and halves of surrogate pairs: joiners, soft hyphens, private use and what a later
 * version of Unicode assigns belong to texts as people write them.
 */
export const printable = /^[^\p{Cc}\p{Cs}]*$/u;

/** Of a text that is not `printable`. */
export const notPrintable = 'holds control characters, such as a line break, or half a surrogate pair: leave them out';

export function invalid(field: string, detail: string): Refused {
  return { reason: 'invalid-field', field, detail };
}

/** Printable text of at most `most` characters. */
export function name(field: string, value: string, most: number): Check {
  if (value.length > most) return invalid(field, `has ${value.length} characters: at most ${most} are allowed`);
  if (printable.test(value)) return null;
  return invalid(field, notPrintable);
}

/** @param example said when it is missing */
export function requiredName(field: string, value: string, most: number, example?: string): Check {
  if (value !== '') return name(field, value, most);
  return invalid(field, example === undefined ? 'is missing' : `is missing: give text such as "${example}"`);
}

/** A number within its limits; absent is right. */
export function number(field: string, value: number | undefined, limits: NumberLimits): Check {
  if (value === undefined || (isWithin(value, limits) && !Number.isNaN(value))) return null;
  return invalid(field, `is ${numberText(value)}: ${allowed(value, limits)}`);
}

/** A number of a field whose values are not shown. */
export function hiddenNumber(field: string, value: number, limits: NumberLimits): Check {
  const problem = number(field, value, limits);
  return problem && invalid(field, `is not allowed: ${allowed(value, limits)}`);
}

function allowed(value: number, { least, most, unit }: NumberLimits): string {
  if (Number.isNaN(value)) return 'leave the field out where there is no number';
  return `it must be from ${numberText(least)} to ${numberText(most)}${unit}`;
}

/** Groups of three digits; from 10²¹ on with an exponent. */
function numberText(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ',') : text.replace('e+', 'e');
}

/** One of the values of an enum that this version knows. */
export function known(
  field: string,
  value: number,
  values: Readonly<Record<string, string | number>>,
  words: readonly string[],
): Check {
  if (values[value] !== undefined) return null;
  return invalid(field, `is ${value}, which means nothing here: known are ${words.join(', ')}`);
}

/** Keys and values of a map. `__proto__` would not survive as a key of a JavaScript object. */
export function map<T>(
  field: string,
  values: Readonly<Record<string, T>>,
  most: { readonly entries: number; readonly key: number },
  check: (field: string, value: T) => Check,
): Check {
  const keys = Object.keys(values);
  if (keys.length > most.entries)
    return invalid(field, `has ${keys.length} entries: at most ${most.entries} are allowed`);
  for (const key of keys) {
    if (key === '__proto__') return invalid(field, 'has the key "__proto__", which is not allowed');
    const problem = requiredName(field, key, most.key) ?? check(`${field}.${key}`, values[key] as T);
    if (problem !== null) return problem;
  }
  return null;
}

/** Which instants are taken, milliseconds since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function instant(field: string, time: Timestamp | undefined, range: TimeRange): Check {
  if (time === undefined) return invalid(field, 'is missing: give an instant such as "2026-01-31T12:00:00Z"');
  const timeMs = millisOf(time);
  if (time.nanos < 0 || time.nanos > 999_999_999 || !(Math.abs(timeMs) <= 8.64e15)) {
    return invalid(field, `is no instant (${time.seconds} seconds, ${time.nanos} nanoseconds)`);
  }
  if (timeMs >= range.fromMs && timeMs <= range.untilMs) return null;
  const [at, earliest, latest] = [timeMs, range.fromMs, range.untilMs].map((ms) => new Date(ms).toISOString());
  const detail =
    timeMs > range.untilMs
      ? `is ${at}, in the future: at most ${latest} is taken (is the clock right, the unit seconds?)`
      : `is ${at}, too old: from ${earliest} on it can be told from a duplicate (older history: moola replay)`;
  return { reason: 'time-out-of-range', field, detail };
}
