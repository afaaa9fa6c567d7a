import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Rollback } from '../incidents/incident.js';
import { compared } from './candidate.js';
import { isBetter, isWorse } from '@moola/wording/difference';
import type { Evidence } from './evidence.js';

/** What a rollback's effect looks like since it serves. */
export type Verification = 'verified' | 'undo' | 'watching';

/**
 * The promised effect, on what was predicted since the rollback: better with confidence (and, for a plain rollback,
 * within budget) → verified; worse with confidence → undo; else it is still watched.
 */
export function verify(rollback: Rollback, evidence: Evidence): Verification {
  if (rollback.phase !== 'serving' || evidence.serving !== rollback.to) return 'watching';
  const difference = compared(evidence, rollback.to, rollback.from);
  const within = evidence.budget(rollback.to)?.verdict === BudgetVerdict.WITHIN;
  if (isBetter(difference) && (rollback.answer === RollbackAnswer.MITIGATE || within)) return 'verified';
  return isWorse(difference) ? 'undo' : 'watching';
}
