import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Difference } from './difference.js';

/** A bound of at least this part of the difference makes a statement strong: most of what was seen is certain. */
const STRONG = 0.5;

/** Whether even the lower bound is a good part of what was seen, so that the statement needs no "probably". */
export function isStrong(difference: Difference | null): boolean {
  return difference !== null && difference.lower !== null && difference.lower >= STRONG * difference.value;
}

/** `on 3,480 inputs that both answered, v6 was right 31.5 points more often than v7 (+28.1 to +34.9 points, an interval that …)`. */
export function pointsText({ better, other, value, lower, upper, pairs }: Difference): string {
  const bounds =
    lower === null || upper === null
      ? 'too few for an interval'
      : `${signedPoints(lower)} to ${signedPoints(upper)} points, valid however often you look`;
  const more = value < 0 ? 'less' : 'more';
  return `on ${grouped(pairs)} inputs that both answered, ${better} was right ${points(Math.abs(value))} points ${more} often than ${other} (${bounds})`;
}

/** `90.5 %` of the inputs that both answered. */
export function shareText(comparison: PairedComparison, version: string): string {
  const { first, pairs, firstCorrect, secondCorrect } = comparison;
  if (pairs === 0) return '–';
  return `${points((version === first ? firstCorrect : secondCorrect) / pairs)} %`;
}

/** `+31.5`, of 0.315. */
export function signedPoints(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${points(Math.abs(difference))}`;
}

function points(difference: number): string {
  return (100 * difference).toFixed(1);
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
