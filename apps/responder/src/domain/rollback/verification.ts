import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { isBetter, isWorse } from '@moola/wording/difference';
import type { Rollback } from '../incidents/incident.js';
import { compared } from './candidate.js';
import type { Evidence } from './evidence.js';
import { gateStanding } from './gate-standing.js';

/** What a rollback's effect looks like since it serves. */
export type Verification = 'verified' | 'worse' | 'watching';

/**
 * The promised effect, on what was predicted since the rollback: better with confidence (and, for a plain rollback,
 * within budget) → verified; worse with confidence → worse, also after it was verified; else it is still watched.
 */
export function verify(rollback: Rollback, evidence: Evidence): Verification {
  if (!isWatched(rollback) || evidence.serving !== rollback.to) return 'watching';
  const difference = compared(evidence, rollback.to, rollback.from);
  if (isWorse(difference)) return 'worse';
  if (rollback.phase === 'verified' || !isBetter(difference)) return 'watching';
  const standing = gateStanding(evidence.budget(rollback.to), evidence.metric);
  return standing === 'within' || (standing === 'out' && rollback.answer === RollbackAnswer.MITIGATE)
    ? 'verified'
    : 'watching';
}

/**
 * Since when the target has too few samples to be judged; `null` while it has enough. What it lacked when it began to
 * serve (figures of a role begin anew) counts only after a whole window.
 */
export function silentSince(rollback: Rollback, evidence: Evidence): number | null {
  if (!isWatched(rollback) || evidence.serving !== rollback.to) return null;
  const sinceMs = evidence.tooFewSinceMs(rollback.to);
  if (sinceMs === null) return null;
  if (sinceMs > rollback.servedAtMs) return sinceMs;
  return evidence.nowMs >= rollback.servedAtMs + evidence.windowMs ? rollback.servedAtMs : null;
}

/** Its target serves because of it: also after its effect was verified. */
function isWatched({ phase }: Rollback): boolean {
  return phase === 'serving' || phase === 'verified';
}
