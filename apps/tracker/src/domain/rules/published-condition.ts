import { AlertCondition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Condition } from '@moola/rules/condition';

/**
 * Of a firing alert that goes on without data is said that, and what holds once there is a figure again.
 * @param said what was said of it last, since its condition held
 * @returns what is to be said now; `null`: nothing
 */
export function newlyPublished(said: AlertCondition | undefined, condition: Condition): AlertCondition | null {
  const now = publishedCondition(condition);
  return said === now || (said === undefined && now !== AlertCondition.MISSING) ? null : now;
}

function publishedCondition(condition: Condition): AlertCondition {
  if (typeof condition !== 'number') return AlertCondition.MISSING;
  return condition > 0 ? AlertCondition.HOLDS : AlertCondition.DOES_NOT_HOLD;
}
