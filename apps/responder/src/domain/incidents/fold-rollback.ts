import { outcomeWords } from '@moola/wording/outcomes';
import { ActionOutcome, type ActionResult } from '@moola/contracts/gen/moola/v1/actions_pb';
import {
  RollbackAnswer,
  type ActionRequested,
  type ServingChanged,
  type TargetFault,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { waitAfterAttempt } from '../rollback/retry.js';
import type { Incident, Retry } from './incident.js';

/** An alias is to be moved: the rollback that was decided begins. */
export function withAction(incident: Incident, atMs: number, { intent }: ActionRequested): Incident {
  if (intent?.kind.case !== 'moveAlias') return incident;
  const { from, to } = intent.kind.value;
  const isRepeated = incident.rollback?.step === intent.step;
  return {
    ...incident,
    step: intent.step,
    rollback: {
      answer: incident.lastDecision?.answer ?? RollbackAnswer.UNSPECIFIED,
      from,
      to,
      step: intent.step,
      phase: 'requested',
      requestedAtMs: isRepeated ? incident.rollback.requestedAtMs : atMs,
      movedAtMs: 0,
      servedAtMs: 0,
      overdue: false,
      retry: null,
      faults: [],
    },
  };
}

/** People were told what is wrong with the version that the rollback put into service. */
export function withFault(incident: Incident, fault: TargetFault): Incident {
  const rollback = incident.rollback;
  if (rollback === null) return incident;
  return { ...incident, rollback: { ...rollback, faults: [...(rollback.faults ?? []), fault] } };
}

/**
 * The registry has answered. What touched nothing and may be repeated is due again; anything else that did not surely
 * succeed closes the question: a person decides from here on.
 */
export function withResult(incident: Incident, atMs: number, result: ActionResult): Incident {
  const rollback = incident.rollback;
  if (rollback === null || rollback.step !== result.step) return incident;
  const retry = retryOf(atMs, result);
  if (retry !== null) return { ...incident, rollback: { ...rollback, retry } };
  if (result.outcome !== ActionOutcome.DONE) {
    return { ...incident, questionClosed: `step ${result.step} ${outcomeWords[result.outcome]}` };
  }
  const phase = rollback.phase === 'requested' ? 'moved' : rollback.phase;
  return { ...incident, rollback: { ...rollback, phase, movedAtMs: atMs } };
}

/** When an action is tried again after this result; `null`: no more, or there is no need. */
export function retryOf(atMs: number, result: ActionResult): Retry | null {
  if (result.outcome !== ActionOutcome.RETRYABLE) return null;
  const waitMs = waitAfterAttempt(result.attempt);
  return waitMs === null ? null : { attempt: result.attempt + 1, dueAtMs: atMs + waitMs };
}

/** Another version serves. If it is the one that the rollback asked for, its effect is watched from now on. */
export function withServing(incident: Incident, { to, sinceMs }: ServingChanged): Incident {
  const rollback = incident.rollback;
  if (rollback === null || rollback.to !== to) return incident;
  if (rollback.phase !== 'requested' && rollback.phase !== 'moved') return incident;
  const phase = rollback.answer === RollbackAnswer.UNDO ? 'undone' : 'serving';
  return { ...incident, rollback: { ...rollback, phase, servedAtMs: sinceMs } };
}
