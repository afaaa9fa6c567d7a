import { outcomeWords } from '@moola/wording/outcomes';
import { ActionOutcome, type ActionResult } from '@moola/contracts/gen/moola/v1/actions_pb';
import { RollbackAnswer, type ActionRequested, type ServingChanged } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from './incident.js';

/** An alias is to be moved: the rollback that was decided begins. */
export function withAction(incident: Incident, atMs: number, { intent }: ActionRequested): Incident {
  if (intent?.kind.case !== 'moveAlias') return incident;
  const { from, to } = intent.kind.value;
  return {
    ...incident,
    step: intent.step,
    rollback: {
      answer: incident.lastDecision?.answer ?? RollbackAnswer.UNSPECIFIED,
      from,
      to,
      step: intent.step,
      phase: 'requested',
      requestedAtMs: atMs,
      movedAtMs: 0,
      servedAtMs: 0,
      overdue: false,
    },
  };
}

/** The registry has answered. What did not surely succeed closes the question: a person decides from here on. */
export function withResult(incident: Incident, atMs: number, result: ActionResult): Incident {
  const rollback = incident.rollback;
  if (rollback === null || rollback.step !== result.step) return incident;
  if (result.outcome !== ActionOutcome.DONE) {
    return { ...incident, questionClosed: `step ${result.step} ${outcomeWords[result.outcome]}` };
  }
  const phase = rollback.phase === 'requested' ? 'moved' : rollback.phase;
  return { ...incident, rollback: { ...rollback, phase, movedAtMs: atMs } };
}

/** Another version serves. If it is the one that the rollback asked for, its effect is watched from now on. */
export function withServing(incident: Incident, { to, sinceMs }: ServingChanged): Incident {
  const rollback = incident.rollback;
  if (rollback === null || rollback.to !== to) return incident;
  if (rollback.phase !== 'requested' && rollback.phase !== 'moved') return incident;
  const phase = rollback.answer === RollbackAnswer.UNDO ? 'undone' : 'serving';
  return { ...incident, rollback: { ...rollback, phase, servedAtMs: sinceMs } };
}
