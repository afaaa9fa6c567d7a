import { comparesBaseline } from '@moola/contracts/definitions/compares';
import { Comparator, Compare, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { compareFractions, decimalOf, dividedBy, minus, type Fraction } from '@moola/metrics/fraction';

/** What a rule looks at. */
export interface Reading {
  /** Absent without samples. */
  readonly value: number | undefined;
  /** What the figure rests on, as the metric counts it. */
  readonly samples: number;
  /** The value without rounding; where it is left out, the decimal of `value` is. */
  readonly exactly?: Exactly | undefined;
  /** One-sided bounds at the rule's confidence; absent for metrics without an interval. */
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** The same metric of the same version when it last became known good; absent before. */
  readonly baseline?: number | undefined;
  /** As `exactly`, of the baseline. */
  readonly baselineExactly?: Exactly | undefined;
}

/** Asked only where a value is so close to a limit that rounding could decide: `undefined`, it is not known. */
export type Exactly = () => Fraction | undefined;

/**
 * How many of a rule's levels, the mildest first, have their limit broken: 0, the condition does not hold. `missing`: too few
 * samples to say; `unknown`: enough of them, but nothing to compare with, such as no baseline yet.
 */
export type Condition = number | 'missing' | 'unknown';

/** How many of its levels are known to hold. */
export function levelsHeld(condition: Condition): number {
  return typeof condition === 'number' ? condition : 0;
}

/** Reads a rule's condition: semantics.md, "Rules and alerts". A rule on missing data never finds its data missing. */
export function conditionOf(rule: RuleDefinition, reading: Reading): Condition {
  const few = reading.samples < rule.minimumSamples;
  if (rule.onMissing) return few ? Math.max(1, rule.levels.length) : 0;
  if (few) return 'missing';
  const compared = comparedValue(rule.compare, rule.comparator, reading);
  if (compared === undefined) return 'unknown';
  const exactly = () => comparedExactly(rule.compare, reading);
  if (rule.levels.length === 0) return breaks(rule.comparator, compared, rule.limit, exactly) ? 1 : 0;
  const within = rule.levels.findIndex(({ limit }) => !breaks(rule.comparator, compared, limit, exactly));
  return within < 0 ? rule.levels.length : within;
}

/** Far more than sums, differences and ratios of counts lose by rounding. */
const nearness = 1e-9;

/**
 * Whether a value is on the wrong side of a limit; the limit itself is allowed: 90 − 85 points are no more than 5. So next
 * to the limit the value is compared as the ratio of counts that it is, with the decimal that the user wrote.
 */
export function breaks(comparator: Comparator, value: number, limit: number, exactly?: Exactly): boolean {
  const isNear = Math.abs(value - limit) <= nearness * Math.max(1, Math.abs(value), Math.abs(limit));
  const exact = isNear ? exactly?.() : undefined;
  const side = exact === undefined ? value - limit : compareFractions(exact, decimalOf(limit));
  return comparator === Comparator.BELOW ? side < 0 : side > 0;
}

function comparedExactly(
  compare: Compare,
  { value, exactly, baseline, baselineExactly }: Reading,
): Fraction | undefined {
  if (value === undefined || compare === Compare.BOUND) return undefined;
  const exact = exactly?.() ?? decimalOf(value);
  if (!comparesBaseline(compare)) return exact;
  if (baseline === undefined) return undefined;
  const before = baselineExactly?.() ?? decimalOf(baseline);
  return compare === Compare.RATIO_TO_BASELINE ? dividedBy(exact, before) : minus(exact, before);
}

function comparedValue(compare: Compare, comparator: Comparator, reading: Reading): number | undefined {
  const { value, baseline } = reading;
  switch (compare) {
    case Compare.BOUND:
      return comparator === Comparator.BELOW ? reading.upper : reading.lower;
    case Compare.RATIO_TO_BASELINE:
      return value === undefined || !baseline ? undefined : value / baseline;
    case Compare.DIFFERENCE_TO_BASELINE:
      return value === undefined || baseline === undefined ? undefined : value - baseline;
    case Compare.FIGURE:
    case Compare.UNSPECIFIED:
      return value;
  }
}
