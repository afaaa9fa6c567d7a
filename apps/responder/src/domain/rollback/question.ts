import { DecisionReason, RollbackAnswer, type VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { taskOf } from '@moola/contracts/definitions/task-types';
import { classifiers, type TaskType } from '@moola/metrics/task-type';
import { isBetter } from '@moola/wording/difference';
import type { Decision } from '../incidents/incident.js';
import { compared, rollbackCandidate } from './candidate.js';
import type { Evidence } from './evidence.js';
import { gateStanding, type GateStanding } from './gate-standing.js';

/** Each reason in short, as the final line of a replay has it; sentences are made of the facts where they are shown. */
const SHORT: Readonly<Record<DecisionReason, string>> = {
  [DecisionReason.UNSPECIFIED]: '',
  [DecisionReason.BETTER_AND_WITHIN]: 'better with confidence and within budget',
  [DecisionReason.BETTER_BUT_OUT]: 'better with confidence, but out of budget',
  [DecisionReason.NO_CANDIDATE]: 'no candidate',
  [DecisionReason.NO_COMPARISON_YET]: 'no comparison yet',
  [DecisionReason.NOT_COMPARED]: 'answers of this kind are not compared',
  [DecisionReason.NO_RECENT_SAMPLES]: 'no recent samples of the candidate',
  [DecisionReason.DATA_CHANGED]: 'candidate out of budget as well: the data changed',
  [DecisionReason.NO_EVIDENCE]: 'no evidence that the candidate is better',
  [DecisionReason.WORSE]: 'worse with confidence',
};

/**
 * The three answers of a rollback: roll back (better with confidence and within budget), mitigate (better with
 * confidence, itself out of budget), hold (no evidence that it is better, or none that is recent).
 */
export function answerRollbackQuestion(evidence: Evidence, lookedAt: readonly VersionLookedAt[]): Decision {
  const from = evidence.serving;
  const candidate = rollbackCandidate(evidence, lookedAt);
  if (candidate === null) return decision(RollbackAnswer.HOLD, from, '', DecisionReason.NO_CANDIDATE);
  const to = candidate.version;
  if (!candidate.alive) return decision(RollbackAnswer.HOLD, from, to, DecisionReason.NO_RECENT_SAMPLES);
  const difference = compared(evidence, to, from);
  const standing = gateStanding(evidence.budget(to), evidence.metric);
  if (!isBetter(difference) || standing === 'unknown')
    return decision(
      RollbackAnswer.HOLD,
      from,
      to,
      whyHeld(difference?.lower ?? null, standing, taskOf(evidence.budget(to)?.task)),
    );
  return standing === 'within'
    ? decision(RollbackAnswer.ROLL_BACK, from, to, DecisionReason.BETTER_AND_WITHIN)
    : decision(RollbackAnswer.MITIGATE, from, to, DecisionReason.BETTER_BUT_OUT);
}

function decision(answer: RollbackAnswer, from: string, to: string, code: DecisionReason): Decision {
  return { answer, from, to, code, reason: SHORT[code] };
}

function whyHeld(lower: number | null, standing: GateStanding, task: TaskType): DecisionReason {
  if (!classifiers.includes(task)) return DecisionReason.NOT_COMPARED;
  if (standing === 'unknown') return DecisionReason.NO_RECENT_SAMPLES;
  if (lower === null) return DecisionReason.NO_COMPARISON_YET;
  return standing === 'out' ? DecisionReason.DATA_CHANGED : DecisionReason.NO_EVIDENCE;
}

/** Whether the question has the answer that it had, for the same reason. */
export function isSameDecision(decision: Decision, last: Decision | null): last is Decision {
  return (
    last !== null &&
    last.answer === decision.answer &&
    last.from === decision.from &&
    last.to === decision.to &&
    last.reason === decision.reason
  );
}
