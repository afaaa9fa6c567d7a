import { parseDuration, nearestDuration } from '@moola/contracts/definitions/durations';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantMs, readInstant } from '@moola/contracts/instants/read-instant';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { InvalidArgumentError } from 'commander';

/** Milliseconds since the epoch of `2008-10-31T12:00:00Z`. */
export function instantOption(text: string): number {
  const reading = readInstant(text);
  if (!reading.ok) throw new InvalidArgumentError(`It ${instantAdvice[reading.fault]}.`);
  return instantMs(reading.instant);
}

/** The name of a time zone that there is. */
export function timeZoneOption(text: string): string {
  if (timeZone(text) === null)
    throw new InvalidArgumentError('It is no time zone: try UTC, +01:00 or a name such as Europe/Berlin.');
  return text;
}

/** Milliseconds of `1m`. */
export function durationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError(`It is no length of time: try "${nearestDuration(text)}".`);
  if (ms === 0) throw new InvalidArgumentError('It is no time at all: try "1m".');
  return ms;
}

/** Milliseconds of `90d`, or `never`. */
export function lifetimeOption(text: string): number | 'never' {
  return text === 'never' ? text : durationOption(text);
}

/** Steps a second, or `max`. */
export function speedOption(text: string): number | 'max' {
  if (text === 'max') return text;
  const speed = Number(text);
  if (text.trim() === '' || !Number.isFinite(speed) || speed <= 0)
    throw new InvalidArgumentError('It must be a number of steps a second above 0, or max.');
  return speed;
}

export function portOption(text: string): number {
  return whole(text, 0, 65_535);
}

export function countOption(text: string): number {
  return whole(text, 1, 1000);
}

/** The number of an incident's event. */
export function eventNumberOption(text: string): number {
  return whole(text, 1, 0xffff_ffff);
}

/** An address without path or trailing slash. */
export function urlOption(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It is no address: try http://127.0.0.1:8080.');
  return url.href.replace(/\/+$/, '');
}

function whole(text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}
