import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Difference } from './difference.js';
import { spoken } from './durations.js';
import { breachOf, finding, type Breach } from './headline.js';
import { trimmed } from './numbers.js';

/**
 * `Accuracy 18 %, limit 80 % (n = 180, effective sample size 9, over 30 min)`: what is wrong with what it rests on. No
 * figure without its sample count.
 */
export function measured(breach: Breach): string {
  const { samples, effectiveSamples, windowMs, metric, neededSamples, subject } = breach;
  if (metric === '' || neededSamples !== null) return finding(breach);
  // A report of a job is no sample of a population.
  if (subject !== undefined) return windowMs > 0 ? `${finding(breach)} (over ${spoken(windowMs)})` : finding(breach);
  const isDependent = effectiveSamples !== null && Math.round(effectiveSamples) !== samples;
  const parts = [
    `n = ${trimmed(samples, 0)}`,
    ...(isDependent ? [`effective sample size ${trimmed(effectiveSamples, 0)}`] : []),
    ...(windowMs > 0 ? [`over ${spoken(windowMs)}`] : []),
  ];
  return `${finding(breach)} (${parts.join(', ')})`;
}

/** The same of an alert. */
export function breachText(alert: AlertTransition): string {
  return measured(breachOf(alert));
}

/** `v1 − v2 = +0.38 on 540 inputs that both answered (always-valid interval +0.11 to +0.65)`. */
export function differenceText(difference: Difference): string {
  const { better, other, value, lower, upper, pairs, heldBackByDependence = false } = difference;
  const bounds =
    lower === null || upper === null
      ? 'too few for a bound'
      : `always-valid interval ${signed(lower)} to ${signed(upper)}`;
  const heldBack = heldBackByDependence ? '; not decided, because these inputs depend on each other' : '';
  return `${better} − ${other} = ${signed(value)} on ${pairs} inputs that both answered (${bounds}${heldBack})`;
}

/** `v1 answered 62 % of 540 inputs right, v2 18 %`. */
export function sharesText(comparison: PairedComparison): string {
  const share = (correct: number) =>
    comparison.pairs === 0 ? '–' : `${trimmed((100 * correct) / comparison.pairs, 0)} %`;
  const { first, second, pairs, firstCorrect, secondCorrect } = comparison;
  return `of ${pairs} inputs that both answered, ${first} got ${share(firstCorrect)} right and ${second} ${share(secondCorrect)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
