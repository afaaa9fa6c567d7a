import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** Where a rule states none. */
export const defaultLongestGapMs = 300_000;

/** Between two ticks; after a longer one nobody knows whether a condition held meanwhile. */
export function longestGapOf({ longestGapMs }: Pick<RuleDefinition, 'longestGapMs'>): number {
  return longestGapMs > 0 ? longestGapMs : defaultLongestGapMs;
}
