import { parseDuration, nearestDuration } from '@moola/contracts/definitions/durations';
import { InvalidArgumentError } from 'commander';

const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Milliseconds since the epoch of `2008-10-31` (midnight, UTC) or `2008-10-31T12:00:00Z`. */
export function instantOption(text: string): number {
  const ms = instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It is no time: try 2008-10-31T00:00:00Z.');
  return ms;
}

/** Milliseconds of `1m`. */
export function durationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError(`It is no length of time: try "${nearestDuration(text)}".`);
  if (ms === 0) throw new InvalidArgumentError('It is no time at all: try "1m".');
  return ms;
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
