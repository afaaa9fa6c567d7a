import { DecisionReason, RollbackAnswer, TargetFault } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { differenceText } from '@moola/wording/figures';
import type { Incident, Rollback } from '../incidents/incident.js';
import { targetSilentMessage, targetWorseMessage, undoMessage, verifiedMessage } from '../notifications/messages.js';
import { compared } from '../rollback/candidate.js';
import type { Evidence } from '../rollback/evidence.js';
import { isRecent } from '../rollback/looked-at.js';
import { silentSince, verify } from '../rollback/verification.js';
import { evidenceOf } from './evidence-of.js';
import { obstacleToMoving } from './obstacle-to-moving.js';
import { declaredModel, playbookOf } from './policies.js';
import type { DecisionContext } from './decision-context.js';

/**
 * Watches the version that a rollback put into service as long as the incident is open: whether it shows the effect that
 * was promised, whether it is worse, whether it answers at all.
 */
export function verifyRollback(context: DecisionContext, incident: Incident): Incident {
  const rollback = incident.rollback;
  if (rollback === null) return incident;
  const evidence = evidenceOf(context.tables, incident, context.nowMs);
  const sinceMs = silentSince(rollback, evidence);
  const after = sinceMs === null ? incident : callForSilence(context, incident, rollback, evidence, sinceMs);
  switch (verify(rollback, evidence)) {
    case 'verified':
      return recordVerified(context, after, rollback, evidence);
    case 'worse':
      return moveBack(context, after, rollback, evidence);
    case 'watching':
      return after;
  }
}

function recordVerified(
  context: DecisionContext,
  incident: Incident,
  rollback: Rollback,
  evidence: Evidence,
): Incident {
  const { from, to } = rollback;
  const difference = compared(evidence, to, from);
  const comparison = evidence.comparison(to, from);
  const text = difference === null ? '' : differenceText(difference);
  const after = context.record(incident, {
    case: 'verified',
    value: { from, to, evidence: text, ...(comparison === undefined ? {} : { comparison }) },
  });
  return context.tell(after, ['team'], verifiedMessage(after, rollback, text));
}

/** The rollback made it worse with confidence: the alias goes back where that is certain, and the next level hears of it. */
function moveBack(context: DecisionContext, incident: Incident, rollback: Rollback, evidence: Evidence): Incident {
  const { from, to } = rollback;
  const registry = declaredModel(context.tables, incident.model)?.registry;
  const obstacle = obstacleToMoving(context.tables, incident) ?? whyNotAlive(from, to, evidence);
  if (obstacle !== null || registry === undefined)
    return callForWorse(context, incident, rollback, evidence, obstacle ?? 'no registry is declared for the model');
  const comparison = evidence.comparison(to, from);
  let after = context.record(incident, {
    case: 'decision',
    value: {
      answer: RollbackAnswer.UNDO,
      from: to,
      to: from,
      reason: `${to} is worse with confidence`,
      code: DecisionReason.WORSE,
      ...(comparison === undefined ? {} : { comparison }),
    },
  });
  const { rolledBackFrom } = context.tables.model(incident.model);
  context.tables.changeModel(incident.model, { rolledBackFrom: [...new Set([...rolledBackFrom, to])] });
  after = context.moveAlias(after, registry, to, from);
  const { escalateTo } = playbookOf(context.tables, incident.model).deadlines(incident.severity);
  return context.tell(after, ['team', escalateTo], undoMessage(after, rollback, compared(evidence, to, from)));
}

function whyNotAlive(from: string, to: string, evidence: Evidence): string | null {
  const comparison = evidence.comparison(to, from);
  const isAlive = evidence.tooFewSinceMs(from) === null && comparison !== undefined && isRecent(comparison, evidence);
  return isAlive ? null : `${from} has no recent samples`;
}

function callForWorse(
  context: DecisionContext,
  incident: Incident,
  rollback: Rollback,
  evidence: Evidence,
  obstacle: string,
): Incident {
  if (rollback.faults?.includes(TargetFault.WORSE) === true) return incident;
  const { from, to } = rollback;
  const comparison = evidence.comparison(to, from);
  const after = context.record(incident, {
    case: 'targetFailing',
    value: { from, to, fault: TargetFault.WORSE, obstacle, ...(comparison === undefined ? {} : { comparison }) },
  });
  const message = targetWorseMessage(after, rollback, compared(evidence, to, from), obstacle);
  return context.tell(after, peopleOf(context, after), message);
}

function callForSilence(
  context: DecisionContext,
  incident: Incident,
  rollback: Rollback,
  evidence: Evidence,
  sinceMs: number,
): Incident {
  if (rollback.faults?.includes(TargetFault.SILENT) === true) return incident;
  const { from, to } = rollback;
  const { metric, minimumSamples: needed } = evidence;
  const fault = { from, to, fault: TargetFault.SILENT, sinceMs, metric, needed } as const;
  const after = context.record(incident, { case: 'targetFailing', value: fault });
  return context.tell(
    after,
    peopleOf(context, after),
    targetSilentMessage(after, rollback, { sinceMs, metric, needed }),
  );
}

function peopleOf(context: DecisionContext, incident: Incident): readonly string[] {
  return ['team', playbookOf(context.tables, incident.model).deadlines(incident.severity).escalateTo];
}
