import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';

export const outcomeWords: Readonly<Record<ActionOutcome, string>> = {
  [ActionOutcome.UNSPECIFIED]: 'has no known outcome',
  [ActionOutcome.DONE]: 'is done',
  [ActionOutcome.FAILED]: 'failed',
  [ActionOutcome.EXPIRED]: 'expired before it was carried out',
  [ActionOutcome.UNKNOWN]: 'timed out, and reading back did not tell',
  [ActionOutcome.RETRYABLE]: 'could not be carried out',
};
