import { AlertCondition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Condition } from '@moola/rules/condition';

/** A condition as it is published. */
export function publishedCondition(condition: Condition): AlertCondition {
  if (typeof condition !== 'number') return AlertCondition.MISSING;
  return condition > 0 ? AlertCondition.HOLDS : AlertCondition.DOES_NOT_HOLD;
}
