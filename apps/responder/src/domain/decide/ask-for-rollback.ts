import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer, Tier, type VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { awaitsRollback, type Decision, type Incident } from '../incidents/incident.js';
import { decisionMessage } from '../notifications/messages.js';
import { compared } from '../rollback/candidate.js';
import type { Evidence } from '../rollback/evidence.js';
import { lookAtVersions } from '../rollback/looked-at.js';
import { isStrong } from '@moola/wording/points';
import { answerRollbackQuestion, isSameDecision } from '../rollback/question.js';
import { audiencesOf } from './audiences.js';
import { evidenceOf } from './evidence-of.js';
import { entryOf } from './model-state.js';
import { obstacleToMoving } from './obstacle-to-moving.js';
import { declaredModel } from './policies.js';
import type { Tables } from './tables.js';
import type { Turn } from './turn.js';

/** Asks whether a rollback would help; records the answer when it is a new one, and begins it when it is yes. */
export function askForRollback(turn: Turn, incident: Incident): Incident {
  if (!isAsked(turn.tables, incident)) return incident;
  const evidence = evidenceOf(turn.tables, incident, turn.nowMs);
  const lookedAt = lookAtVersions(evidence);
  const decision = answerRollbackQuestion(evidence, lookedAt);
  if (isSameDecision(decision, incident.lastDecision)) return incident;
  const after = turn.record(incident, { case: 'decision', value: withFigures(decision, evidence, lookedAt) });
  if (decision.answer === RollbackAnswer.HOLD) {
    const difference = decision.to === '' ? null : compared(evidence, decision.to, decision.from);
    return turn.tell(
      after,
      ['team'],
      decisionMessage(after, decision, { atMs: turn.nowMs, difference, lookedAt, obstacle: null }),
    );
  }
  return carryOut(turn, after, decision, { evidence, lookedAt });
}

/** Only for a critical alert on a gate that fires on what serves, and while no rollback is under way or has failed. */
function isAsked(tables: Tables, incident: Incident): boolean {
  if (!incident.gate || incident.severity < Severity.CRITICAL) return false;
  if (incident.questionClosed !== '' || awaitsRollback(incident)) return false;
  const { serving, alerts } = tables.model(incident.model);
  const alert = entryOf(alerts, incident.rule);
  return alert?.version === serving && alert.state === AlertState.FIRING;
}

function withFigures(decision: Decision, evidence: Evidence, lookedAt: readonly VersionLookedAt[]) {
  const facts = { ...decision, lookedAt: [...lookedAt] };
  if (decision.to === '') return facts;
  const comparison = evidence.comparison(decision.to, decision.from);
  const candidateBudget = evidence.budget(decision.to)?.verdict;
  return {
    ...facts,
    ...(comparison === undefined ? {} : { comparison }),
    ...(candidateBudget === undefined ? {} : { candidateBudget }),
  };
}

function carryOut(
  turn: Turn,
  incident: Incident,
  decision: Decision,
  { evidence, lookedAt }: { readonly evidence: Evidence; readonly lookedAt: readonly VersionLookedAt[] },
): Incident {
  const difference = compared(evidence, decision.to, decision.from);
  const reason = isStrong(difference) ? 'a release is the cause' : 'a release is probably the cause';
  const tier = { case: 'tier', value: { tier: Tier.EMERGENCY, reason } } as const;
  let after = incident.tier === Tier.EMERGENCY ? incident : turn.record(incident, tier);
  const registry = declaredModel(turn.tables, incident.model)?.registry;
  const obstacle = obstacleToMoving(turn.tables, incident);
  if (obstacle !== null || registry === undefined) {
    after = turn.record(after, { case: 'notApplicable', value: { action: 'move_alias', reason: obstacle ?? '' } });
  } else {
    const { rolledBackFrom } = turn.tables.model(incident.model);
    turn.tables.changeModel(incident.model, { rolledBackFrom: [...new Set([...rolledBackFrom, decision.from])] });
    after = turn.moveAlias(after, registry, decision.from, decision.to);
  }
  const message = decisionMessage(after, decision, { atMs: turn.nowMs, difference, lookedAt, obstacle });
  return turn.tell(after, audiencesOf(turn, after), message);
}
