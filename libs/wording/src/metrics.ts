import { dollars } from './money.js';
import { trimmed } from './numbers.js';

const labels: Readonly<Record<string, string>> = {
  error_rate: 'Error rate',
  latency_p50: 'Latency P50',
  latency_p95: 'Latency P95',
  latency_p99: 'Latency P99',
  cost_per_prediction: 'Cost a prediction',
};

/** A metric as people call it: `Accuracy`, `Latency P95`. */
export function metricLabel(metric: string): string {
  const label = labels[metric] ?? metric.replaceAll('_', ' ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

const SHARES = new Set(['accuracy', 'precision', 'recall', 'error_rate']);

/**
 * A metric's value in its unit: `62.8 %`, `155 ms`, `$0.0042`, `× 1.5`, `12 a minute`.
 * @param digits behind the point, of a percentage; other units have as many more or fewer as they are usually given
 */
export function metricValue(metric: string, value: number, digits = 1): string {
  if (SHARES.has(metric)) return `${trimmed(value * 100, digits)} %`;
  if (metric === 'accuracy_degradation') return metricDifference('accuracy', value, digits);
  if (metric.startsWith('latency_p')) return `${trimmed(value, value >= 10 ? digits - 1 : digits)} ms`;
  if (metric.startsWith('cost')) return digits <= 1 ? dollars(value) : `$${trimmed(value, digits + 3)}`;
  if (metric === 'latency_increase') return times(value, digits);
  if (metric === 'throughput') return `${trimmed(value, digits)} a minute`;
  return trimmed(value, digits);
}

/** How far two values of a metric lie apart: of shares in points, else in the metric's unit. */
export function metricDifference(metric: string, difference: number, digits = 1): string {
  return SHARES.has(metric) ? `${trimmed(difference * 100, digits)} points` : metricValue(metric, difference, digits);
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
