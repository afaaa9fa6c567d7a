import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident, Rollback } from '../incidents/incident.js';
import { undoMessage, verifiedMessage } from '../notifications/messages.js';
import { compared } from '../rollback/candidate.js';
import type { Evidence } from '../rollback/evidence.js';
import { verify } from '../rollback/verification.js';
import { differenceText } from '@moola/wording/figures';
import { evidenceOf } from './evidence-of.js';
import { declaredModel, playbookOf } from './policies.js';
import type { Turn } from './turn.js';

/** Looks whether a rollback that serves shows the effect that was promised. */
export function verifyRollback(turn: Turn, incident: Incident): Incident {
  const rollback = incident.rollback;
  if (rollback === null || rollback.phase !== 'serving') return incident;
  const evidence = evidenceOf(turn.tables, incident.model);
  switch (verify(rollback, evidence)) {
    case 'verified':
      return recordVerified(turn, incident, rollback, evidence);
    case 'undo':
      return undo(turn, incident, rollback, evidence);
    case 'watching':
      return incident;
  }
}

function recordVerified(turn: Turn, incident: Incident, rollback: Rollback, evidence: Evidence): Incident {
  const { from, to } = rollback;
  const difference = compared(evidence, to, from);
  const comparison = evidence.comparison(to, from);
  const text = difference === null ? '' : differenceText(difference);
  const after = turn.record(incident, {
    case: 'verified',
    value: { from, to, evidence: text, ...(comparison === undefined ? {} : { comparison }) },
  });
  return turn.tell(after, ['team'], verifiedMessage(after, rollback, text));
}

/** The rollback made it worse with confidence: the alias goes back, and the next level hears of it. */
function undo(turn: Turn, incident: Incident, rollback: Rollback, evidence: Evidence): Incident {
  const { from, to } = rollback;
  const comparison = evidence.comparison(to, from);
  const reason = `${to} is worse with confidence`;
  let after = turn.record(incident, {
    case: 'decision',
    value: {
      answer: RollbackAnswer.UNDO,
      from: to,
      to: from,
      reason,
      ...(comparison === undefined ? {} : { comparison }),
    },
  });
  const { rolledBackFrom } = turn.tables.model(incident.model);
  turn.tables.changeModel(incident.model, { rolledBackFrom: [...new Set([...rolledBackFrom, to])] });
  const registry = declaredModel(turn.tables, incident.model)?.registry;
  if (registry !== undefined) after = turn.moveAlias(after, registry, to, from);
  const { escalateTo } = playbookOf(turn.tables, incident.model).deadlines(incident.severity);
  return turn.tell(after, ['team', escalateTo], undoMessage(after, rollback, compared(evidence, to, from)));
}
