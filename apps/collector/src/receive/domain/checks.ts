import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { millisOf } from './instants.js';
import type { Refused } from './refused.js';

/** What a field may hold; `null` when the value is right. */
export type Check = Refused | null;

/** Names of models, versions and the like: they stand in paths, labels and messages. */
export const printable = /^\P{C}*$/u;

export function invalid(field: string, detail: string): Refused {
  return { reason: 'invalid-field', field, detail };
}

/** Printable text of at most `most` characters. */
export function name(field: string, value: string, most: number): Check {
  if (value.length > most) return invalid(field, `has ${value.length} characters: at most ${most} are allowed`);
  if (printable.test(value)) return null;
  return invalid(field, 'holds characters that cannot be printed (control characters, unpaired surrogates)');
}

export function requiredName(field: string, value: string, most: number): Check {
  return value === '' ? invalid(field, 'is missing') : name(field, value, most);
}

/** A finite number in a range; absent is right. */
export function number(field: string, value: number | undefined, least: number, most: number): Check {
  if (value === undefined) return null;
  if (Number.isNaN(value)) return invalid(field, 'is NaN: leave the field out where there is no number');
  if (!Number.isFinite(value)) return invalid(field, `is ${value}: it must be finite`);
  if (value >= least && value <= most) return null;
  if (most === Infinity) return invalid(field, `is ${value}: it must be at least ${least}`);
  return invalid(field, `is ${value}: it must be from ${least} to ${most}`);
}

export function finite(field: string, value: number | undefined): Check {
  return number(field, value, -Infinity, Infinity);
}

/** One of the values of an enum that this version knows. */
export function known(field: string, value: number, values: Readonly<Record<string, string | number>>): Check {
  if (values[value] !== undefined) return null;
  const names = Object.keys(values).filter((key) => Number.isNaN(Number(key)));
  return invalid(field, `is ${value}, which means nothing here: known are ${names.join(', ')}`);
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
