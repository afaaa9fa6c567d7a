import { DecisionReason, type RollbackDecision } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** Why a rollback was decided or held, with the versions by name. */
export function decisionReason({
  code,
  reason,
  to,
  from,
}: Pick<RollbackDecision, 'code' | 'reason' | 'to' | 'from'>): string {
  switch (code) {
    case DecisionReason.NO_CANDIDATE:
      return 'no version can be rolled back to';
    case DecisionReason.NO_COMPARISON_YET:
      return `too few inputs that ${to} and ${from} both answered`;
    case DecisionReason.NOT_COMPARED:
      return 'versions are compared by their classes only, and this model answers none';
    case DecisionReason.NO_RECENT_SAMPLES:
      return `${to} has no recent samples`;
    case DecisionReason.DATA_CHANGED:
      return `${to} is out of budget too: the data changed, not the release`;
    case DecisionReason.NO_EVIDENCE:
      return `no evidence that ${to} is better`;
    case DecisionReason.WORSE:
      return `${from} is worse with confidence`;
    case DecisionReason.BETTER_AND_WITHIN:
    case DecisionReason.BETTER_BUT_OUT:
    case DecisionReason.UNSPECIFIED:
      return reason;
  }
}
