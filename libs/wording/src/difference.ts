import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';

/** A paired comparison read from one side: how much more often `better` is right than `other`, on the same inputs. */
export interface Difference {
  readonly better: string;
  readonly other: string;
  /** right(better) − right(other), an input. */
  readonly value: number;
  /** Always-valid confidence sequence; `null` below the minimum of pairs. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly pairs: number;
  /** The bounds hold 0, and would not if the inputs were independent of each other. */
  readonly heldBackByDependence?: boolean;
}

/** Reads `comparison` as `better` − its other version. */
export function differenceOf(comparison: PairedComparison, better: string): Difference {
  const { first, second, difference, pairs, heldBackByDependence } = comparison;
  const lower = comparison.lower ?? null;
  const upper = comparison.upper ?? null;
  if (better === first) return { better, other: second, value: difference, lower, upper, pairs, heldBackByDependence };
  const bounds = { lower: negated(upper), upper: negated(lower) };
  return { better, other: first, value: 0 - difference, ...bounds, pairs, heldBackByDependence };
}

function negated(bound: number | null): number | null {
  return bound === null ? null : 0 - bound;
}

/** Better with confidence: even the lower bound is above zero. */
export function isBetter(difference: Difference | null): boolean {
  return difference !== null && difference.lower !== null && difference.lower > 0;
}

/** Worse with confidence: even the upper bound is below zero. */
export function isWorse(difference: Difference | null): boolean {
  return difference !== null && difference.upper !== null && difference.upper < 0;
}
