import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer, Tier, type VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { awaitsRollback, type Decision, type Incident } from '../incidents/incident.js';
import { decisionMessage } from '../notifications/messages.js';
import { compared } from '../rollback/candidate.js';
import type { Evidence } from '../rollback/evidence.js';
import { lookAtVersions } from '../rollback/looked-at.js';
import { isStrong } from '@moola/wording/points';
import { findingsOf, newFindings, noFindings, type Findings } from '../rollback/findings.js';
import { answerRollbackQuestion, isSameDecision } from '../rollback/question.js';
import { audiencesOf } from './audiences.js';
import { evidenceOf } from './evidence-of.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { alertNameOf, isCurrent } from './model-state.js';
import { obstacleToMoving } from './obstacle-to-moving.js';
import { declaredModel } from './policies.js';
import type { Tables } from './tables.js';
import type { DecisionContext } from './decision-context.js';

/** Asks whether a rollback would help; records the answer when it is a new one, and begins it when it is yes. */
export function askForRollback(context: DecisionContext, incident: Incident): Incident {
  if (!isAsked(context.tables, incident)) return incident;
  const evidence = evidenceOf(context.tables, incident, context.nowMs);
  const lookedAt = lookAtVersions(evidence);
  const decision = answerRollbackQuestion(evidence, lookedAt);
  const found = whatIsNew(context.tables, incident, decision, lookedAt);
  if (found === null) return incident;
  const after = context.record(incident, { case: 'decision', value: withFigures(decision, evidence, lookedAt, found) });
  if (decision.answer === RollbackAnswer.HOLD) {
    const difference = decision.to === '' ? null : compared(evidence, decision.to, decision.from);
    return context.tell(
      after,
      ['team'],
      decisionMessage(after, decision, {
        atMs: context.nowMs,
        difference,
        lookedAt,
        newlyBetter: found.better,
        obstacle: null,
      }),
    );
  }
  return carryOut(context, after, decision, { evidence, lookedAt });
}

/**
 * Why the answer is recorded: it is another one than before, or what it turns on has become sure, or nothing keeps traffic from being
 * moved any more. `null`: it is what it was. What was found once is not new again, so an answer is repeated at most once a version.
 */
function whatIsNew(
  tables: Tables,
  incident: Incident,
  decision: Decision,
  lookedAt: readonly VersionLookedAt[],
): Findings | null {
  const last = incident.lastDecision;
  if (!isSameDecision(decision, last) || last.outdated) return noFindings;
  if (decision.answer !== RollbackAnswer.HOLD)
    return last.advised && obstacleToMoving(tables, incident) === null ? noFindings : null;
  const found = newFindings(last.findings ?? noFindings, findingsOf(lookedAt), decision.to);
  return found.better.length + found.worse.length > 0 ? found : null;
}

/** Only for a critical alert on a gate that fires on what serves, and while no rollback is under way or has failed. */
function isAsked(tables: Tables, incident: Incident): boolean {
  if (!incident.gate || incident.severity < Severity.CRITICAL) return false;
  if (incident.questionClosed !== '' || awaitsRollback(incident)) return false;
  const { serving, alerts } = tables.model(incident.model);
  const alert = ownEntry(alerts, alertNameOf(incident));
  return isCurrent(alert, serving) && alert.state === AlertState.FIRING;
}

function withFigures(
  decision: Decision,
  evidence: Evidence,
  lookedAt: readonly VersionLookedAt[],
  { better, worse }: Findings,
) {
  const facts = { ...decision, lookedAt: [...lookedAt], newlyBetter: [...better], newlyWorse: worse.length > 0 };
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
  context: DecisionContext,
  incident: Incident,
  decision: Decision,
  { evidence, lookedAt }: { readonly evidence: Evidence; readonly lookedAt: readonly VersionLookedAt[] },
): Incident {
  const difference = compared(evidence, decision.to, decision.from);
  const reason = isStrong(difference) ? 'a release is the cause' : 'a release is probably the cause';
  const tier = { case: 'tier', value: { tier: Tier.EMERGENCY, reason } } as const;
  let after = incident.tier === Tier.EMERGENCY ? incident : context.record(incident, tier);
  const registry = declaredModel(context.tables, incident.model)?.registry;
  const obstacle = obstacleToMoving(context.tables, incident);
  if (obstacle !== null || registry === undefined) {
    after = context.record(after, { case: 'notApplicable', value: { action: 'move_alias', reason: obstacle ?? '' } });
  } else {
    const { rolledBackFrom } = context.tables.model(incident.model);
    context.tables.changeModel(incident.model, { rolledBackFrom: [...new Set([...rolledBackFrom, decision.from])] });
    after = context.moveAlias(after, registry, decision.from, decision.to);
  }
  const message = decisionMessage(after, decision, {
    ...{ atMs: context.nowMs, difference, lookedAt, newlyBetter: [], obstacle },
  });
  return context.tell(after, audiencesOf(context, after), message);
}
