import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { AlertTransition, Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Difference } from './difference.js';

/** `accuracy 0.18 (n = 180, worth 9)`. No figure without its sample count; what it is worth where labels depend. */
export function figureText(figure: Figure): string {
  const worth = figure.effectiveSamples;
  const samples = worth === undefined || Math.round(worth) === figure.samples ? '' : `, worth ${trimmed(worth, 0)}`;
  const value = figure.value === undefined ? 'without a value' : readable(figure.value);
  return `${figure.metric} ${value} (n = ${trimmed(figure.samples, 0)}${samples})`;
}

/** `accuracy 0.18 (n = 180, worth 9) < 0.80`; an alert on missing data has no side. */
export function breachText(alert: AlertTransition): string {
  if (alert.figure === undefined) return `limit ${readable(alert.limit)}`;
  const value = alert.figure.value;
  if (value === undefined || value === alert.limit) return figureText(alert.figure);
  return `${figureText(alert.figure)} ${value < alert.limit ? '<' : '>'} ${readable(alert.limit)}`;
}

/** `v1 − v2 = +0.38 on 540 inputs that both answered (at least +0.11 at any look)`. */
export function differenceText(difference: Difference): string {
  const { better, other, value, lower, upper, pairs } = difference;
  const bounds =
    lower === null || upper === null
      ? 'too few for a bound'
      : `between ${signed(lower)} and ${signed(upper)} at any look`;
  return `${better} − ${other} = ${signed(value)} on ${pairs} inputs that both answered (${bounds})`;
}

/** `v1 answered 62 % of 540 inputs right, v2 18 %`. */
export function sharesText(comparison: PairedComparison): string {
  const share = (correct: number) =>
    comparison.pairs === 0 ? '–' : `${trimmed((100 * correct) / comparison.pairs, 0)} %`;
  const { first, second, pairs, firstCorrect, secondCorrect } = comparison;
  return `of ${pairs} inputs that both answered, ${first} got ${share(firstCorrect)} right and ${second} ${share(secondCorrect)}`;
}

function readable(value: number): string {
  return Math.abs(value) >= 10
    ? trimmed(value, 1)
    : value !== 0 && Math.abs(value) < 0.01
      ? `${Number(value.toPrecision(2))}`
      : value.toFixed(2);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function trimmed(value: number, digits: number): string {
  return `${Number(value.toFixed(digits))}`;
}
