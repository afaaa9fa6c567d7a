import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Decision } from '../incidents/incident.js';
import { compared, rollbackCandidate } from './candidate.js';
import { isBetter } from '@moola/wording/difference';
import type { Evidence } from './evidence.js';

/**
 * The three answers of a rollback: roll back (better with confidence and within budget), mitigate (better with
 * confidence, itself out of budget or not yet known), hold (no evidence that it is better).
 */
export function answerRollbackQuestion(evidence: Evidence): Decision {
  const from = evidence.serving;
  const candidate = rollbackCandidate(evidence);
  if (candidate === null) return { answer: RollbackAnswer.HOLD, from, to: '', reason: 'no candidate' };
  const difference = compared(evidence, candidate, from);
  const verdict = evidence.budget(candidate)?.verdict;
  if (isBetter(difference)) {
    return verdict === BudgetVerdict.WITHIN
      ? { answer: RollbackAnswer.ROLL_BACK, from, to: candidate, reason: 'better with confidence and within budget' }
      : { answer: RollbackAnswer.MITIGATE, from, to: candidate, reason: 'better with confidence, but out of budget' };
  }
  return { answer: RollbackAnswer.HOLD, from, to: candidate, reason: whyHeld(difference?.lower ?? null, verdict) };
}

function whyHeld(lower: number | null, verdict: BudgetVerdict | undefined): string {
  if (lower === null) return 'no comparison yet';
  if (verdict === BudgetVerdict.OUT) return 'candidate out of budget as well: the data changed';
  return 'no evidence that the candidate is better';
}

/** A decision is recorded when it is not the last one again. */
export function isSameDecision(decision: Decision, last: Decision | null): boolean {
  return (
    last !== null &&
    last.answer === decision.answer &&
    last.from === decision.from &&
    last.to === decision.to &&
    last.reason === decision.reason
  );
}
