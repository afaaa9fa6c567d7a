import { metricFacts } from '@moola/metrics/catalogue';
import { byteCount } from '@moola/wording/bytes';
import type { ShownAs } from '@moola/metrics/metric';

const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits });

/** Cents; below a cent two digits. As everywhere else: `libs/wording/src/money.ts`. */
const money = (usd: number): string =>
  usd > 0 && usd < 0.01
    ? Number(usd.toPrecision(2)).toFixed(6).replace(/0+$/, '')
    : new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(Number(usd.toFixed(2)));

/** `12,345`. */
export const count = (value: number): string => number(0).format(value);

/** `1 prediction`, `12,345 predictions`. */
export const counted = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

/** An effective sample size: `9`, `1.2`. */
export const effectiveSamples = (samples: number): string => number(samples < 5 ? 1 : 0).format(samples);

/** `83.3 %`, from a share. */
export const percent = (share: number | null): string => (share === null ? '–' : `${number(1).format(share * 100)} %`);

/** `+12.3`, percentage points from a difference of shares. */
export const points = (difference: number): string =>
  `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${number(1).format(Math.abs(difference) * 100)}`;

export const dollars = (usd: number | null): string =>
  usd === null ? '–' : `${usd < 0 ? '−' : ''}$${money(Math.abs(usd))}`;

/** What an incident cost; unknown where nobody declared what an answer is worth. */
export const costText = ({ gate, costUsd }: { readonly gate: boolean; readonly costUsd: number | null }): string =>
  !gate ? 'not priced' : costUsd === null ? 'unknown' : dollars(costUsd);

/** `2004-01-02 17:30`, UTC. */
export const instant = (timeMs: number | null): string =>
  timeMs === null ? '–' : new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');

/** `2 h 5 min`. */
export function span(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
  return `${Math.round(minutes / 60 / 24)} d`;
}

/** A metric as people call it: `Accuracy`, `Latency P95`. */
export const metricLabel = (metric: string): string => metricFacts(metric)?.title ?? metric.replaceAll('_', ' ');

/**
 * Milliseconds with as few digits as the measurement is worth: percentiles come from a sketch that is right to 1 %, so the
 * shortest number that lies within that of the value: `9`, `155`, `0.13`.
 */
export function milliseconds(value: number): string {
  const tolerance = Math.abs(value) * 0.01;
  const digits = [0, 1, 2, 3].find((each) => Math.abs(Number(value.toFixed(each)) - value) <= tolerance) ?? 4;
  return `${number(digits).format(value)} ms`;
}

const texts: Readonly<Record<ShownAs, (value: number) => string>> = {
  percent: (value) => percent(value),
  points: (value) => percent(value),
  milliseconds,
  dollars: (value) => dollars(value),
  times: (value) => `× ${number(2).format(value)}`,
  minutes: (value) => span(value * 60_000),
  'a second': (value) => `${number(2).format(value)} a second`,
  bytes: (value) => byteCount(value),
  'bytes a second': (value) => `${byteCount(value)} a second`,
  'a minute': (value) => `${number(2).format(value)} a minute`,
  // With the sign for minus, as in texts of the system.
  number: (value) => number(2).format(value).replace('-', '−'),
};

/** A metric's value in its unit. */
export function metricValue(metric: string, value: number | null): string {
  return value === null ? '–' : texts[metricFacts(metric)?.shownAs ?? 'number'](value);
}
