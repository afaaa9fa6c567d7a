import { Comparator, Compare, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** What a rule looks at. */
export interface Reading {
  /** Absent without samples. */
  readonly value: number | undefined;
  /** What the figure rests on, as the metric counts it. */
  readonly samples: number;
  /** One-sided bounds at the rule's confidence; absent for metrics without an interval. */
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** The same metric of the same version when it last became known good; absent before. */
  readonly baseline?: number | undefined;
}

/** Whether a rule's condition holds; `missing`: too little is known to say. */
export type Condition = 'holds' | 'does not hold' | 'missing';

/** Reads a rule's condition: semantics.md, "Rules and alerts". A rule on missing data never finds its data missing. */
export function conditionOf(rule: RuleDefinition, reading: Reading): Condition {
  const few = reading.samples < rule.minimumSamples;
  if (rule.onMissing) return few ? 'holds' : 'does not hold';
  const compared = few ? undefined : comparedValue(rule.compare, rule.comparator, reading);
  if (compared === undefined) return 'missing';
  return breaks(rule.comparator, compared, rule.limit) ? 'holds' : 'does not hold';
}

/** Whether a value is on the wrong side of a limit; the limit itself is allowed. */
export function breaks(comparator: Comparator, value: number, limit: number): boolean {
  return comparator === Comparator.BELOW ? value < limit : value > limit;
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
