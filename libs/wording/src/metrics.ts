import { metricFacts } from '@moola/metrics/catalogue';
import type { ShownAs } from '@moola/metrics/metric';
import { dollars } from './money.js';
import { byteCount } from './bytes.js';
import { spoken } from './durations.js';
import { percent, trimmed } from './numbers.js';

/** A metric as people call it: `Accuracy`, `Latency P95`. */
export function metricLabel(metric: string): string {
  const title = metricFacts(metric)?.title ?? metric.replaceAll('_', ' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

const texts: Readonly<Record<ShownAs, (value: number, digits: number) => string>> = {
  percent,
  points: (value, digits) => `${trimmed(value * 100, digits)} points`,
  milliseconds: (value, digits) => `${trimmed(value, value >= 10 ? digits - 1 : digits)} ms`,
  minutes: (value) => spoken(value * 60_000),
  dollars: (value, digits) => (digits <= 1 ? dollars(value) : `$${trimmed(value, digits + 3)}`),
  times,
  'a minute': (value, digits) => `${trimmed(value, digits)} a minute`,
  'a second': (value, digits) => `${trimmed(value, digits)} a second`,
  bytes: byteCount,
  'bytes a second': (value, digits) => `${byteCount(value, digits)} a second`,
  number: trimmed,
};

/**
 * A metric's value in its unit: `62.8 %`, `155 ms`, `$0.0042`, `× 1.5`, `12 a minute`.
 * @param digits behind the point, of a percentage; other units have as many more or fewer as they are usually given
 */
export function metricValue(metric: string, value: number, digits = 1): string {
  return texts[metricFacts(metric)?.shownAs ?? 'number'](value, digits);
}

/** How far two values of a metric lie apart: of shares in points, else in the metric's unit. */
export function metricDifference(metric: string, difference: number, digits = 1): string {
  const shownAs = metricFacts(metric)?.shownAs ?? 'number';
  return texts[shownAs === 'percent' ? 'points' : shownAs](difference, digits);
}

/** `× 1.52`. */
export function times(ratio: number, digits = 1): string {
  return `× ${trimmed(ratio, digits + 1)}`;
}

const MOST_DIGITS = 6;

/** Two values as text, with as few digits as show that they differ: never `85 %, limit 85 %` for 84.96 %. */
export function apart(one: number, other: number, text: (value: number, digits: number) => string): [string, string] {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const pair: [string, string] = [text(one, digits), text(other, digits)];
    if (one === other || pair[0] !== pair[1]) return pair;
  }
  return [text(one, MOST_DIGITS), text(other, MOST_DIGITS)];
}
