import type { RollbackDecision } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** What has become sure since the same answer was given before; empty where the answer is another one. */
export function newlySure({ newlyBetter, newlyWorse, from, to }: RollbackDecision): string {
  if (newlyBetter.length > 0)
    return `${newlyBetter.join(' and ')} ${newlyBetter.length === 1 ? 'is' : 'are'} better than ${from} with confidence`;
  return newlyWorse ? `${to} is worse than ${from} with confidence` : '';
}
