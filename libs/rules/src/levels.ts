import type { RuleDefinition, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** From which limit on an alert is how severe, and how long that must hold. */
export interface Level {
  readonly severity: Severity;
  readonly limit: number;
  readonly forMs: number;
}

/** The levels of a rule, mildest first; a rule that states none is one level. */
export function levelsOf(rule: RuleDefinition): readonly [Level, ...Level[]] {
  const [first, ...above] = rule.levels;
  return first === undefined ? [rule] : [first, ...above];
}

/** Of the level of a severity. */
export function limitOf(rule: RuleDefinition, severity: Severity): number {
  return levelsOf(rule).find((level) => level.severity === severity)?.limit ?? rule.limit;
}
