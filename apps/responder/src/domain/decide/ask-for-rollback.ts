import { Severity, type Registry } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer, Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Playbook } from '../deadlines/playbook.js';
import { awaitsRollback, type Decision, type Incident } from '../incidents/incident.js';
import { decisionMessage } from '../notifications/messages.js';
import { compared } from '../rollback/candidate.js';
import type { Evidence } from '../rollback/evidence.js';
import { answerRollbackQuestion, isSameDecision } from '../rollback/question.js';
import { evidenceOf } from './evidence-of.js';
import { entryOf } from './model-state.js';
import { audiencesOf } from './audiences.js';
import { declaredModel, playbookOf } from './policies.js';
import type { Tables } from './tables.js';
import type { Turn } from './turn.js';

/** Asks whether a rollback would help; records the answer when it is a new one, and begins it when it is yes. */
export function askForRollback(turn: Turn, incident: Incident): Incident {
  if (!isAsked(turn.tables, incident)) return incident;
  const evidence = evidenceOf(turn.tables, incident.model);
  const decision = answerRollbackQuestion(evidence);
  if (isSameDecision(decision, incident.lastDecision)) return incident;
  const after = turn.record(incident, { case: 'decision', value: withFigures(decision, evidence) });
  const difference = decision.to === '' ? null : compared(evidence, decision.to, decision.from);
  if (decision.answer === RollbackAnswer.HOLD) {
    return turn.tell(after, ['team'], decisionMessage(after, decision, difference, 'left to a person'));
  }
  return carryOut(turn, after, decision, evidence);
}

/** Only for a critical alert on a gate that fires on what serves, and while no rollback is under way or has failed. */
function isAsked(tables: Tables, incident: Incident): boolean {
  if (!incident.gate || incident.severity < Severity.CRITICAL) return false;
  if (incident.questionClosed !== '' || awaitsRollback(incident)) return false;
  const { serving, alerts } = tables.model(incident.model);
  const alert = entryOf(alerts, incident.rule);
  return alert?.version === serving && alert.state === AlertState.FIRING;
}

function withFigures(decision: Decision, evidence: Evidence) {
  if (decision.to === '') return decision;
  const comparison = evidence.comparison(decision.to, decision.from);
  const candidateBudget = evidence.budget(decision.to)?.verdict;
  return {
    ...decision,
    ...(comparison === undefined ? {} : { comparison }),
    ...(candidateBudget === undefined ? {} : { candidateBudget }),
  };
}

function carryOut(turn: Turn, incident: Incident, decision: Decision, evidence: Evidence): Incident {
  const tier = { case: 'tier', value: { tier: Tier.EMERGENCY, reason: 'a release is the cause' } } as const;
  let after = incident.tier === Tier.EMERGENCY ? incident : turn.record(incident, tier);
  const registry = declaredModel(turn.tables, incident.model)?.registry;
  const obstacle = whyNotMoved(registry, playbookOf(turn.tables, incident.model));
  if (obstacle !== null || registry === undefined) {
    const reason = obstacle ?? '';
    after = turn.record(after, { case: 'notApplicable', value: { action: 'move_alias', reason } });
  } else {
    const { rolledBackFrom } = turn.tables.model(incident.model);
    turn.tables.changeModel(incident.model, { rolledBackFrom: [...new Set([...rolledBackFrom, decision.from])] });
    after = turn.moveAlias(after, registry, decision.from, decision.to);
  }
  const difference = compared(evidence, decision.to, decision.from);
  const carriedOut = obstacle === null ? 'carried out' : 'left to a person';
  return turn.tell(after, audiencesOf(turn, after), decisionMessage(after, decision, difference, carriedOut));
}

function whyNotMoved(registry: Registry | undefined, playbook: Playbook): string | null {
  if (registry === undefined || registry.registeredModel === '' || registry.alias === '') {
    return 'no registry is declared for the model';
  }
  return playbook.rollbackAutomatically ? null : 'the playbook leaves rollbacks to a person';
}
