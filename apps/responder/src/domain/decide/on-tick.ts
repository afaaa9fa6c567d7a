import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { missedResponses, missedVerification, type MissedDeadline } from '../deadlines/deadlines-due.js';
import { awaitsRollback, isAnnounced, type Incident } from '../incidents/incident.js';
import { missedDeadlineMessage, openedMessage } from '../notifications/messages.js';
import { charge, isWorthPublishing, lossOf, priceSince, published } from '../price/running-price.js';
import { gateStanding } from '../rollback/gate-standing.js';
import { askForRollback } from './ask-for-rollback.js';
import { audiencesOf } from './audiences.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { alertNameOf, isCurrent, type ModelState } from './model-state.js';
import { openIncidents } from './open-incidents.js';
import { declaredModel, playbookOf } from './policies.js';
import { reopenDue } from './reopen.js';
import { resolve } from './resolve.js';
import { tableKey, type Tables } from './tables.js';
import { retryRollback } from './retry-rollback.js';
import type { DecisionContext } from './decision-context.js';
import { verifyRollback } from './verify-rollback.js';

/**
 * Everything that waits for all rows of a tick: what came due, verification, the rollback question, resolution, price;
 * in this order, an incident at a time.
 */
export function onTick(context: DecisionContext, previousMs: number): void {
  reopenDue(context);
  chargePending(context, previousMs);
  for (const opened of openIncidents(context.tables)) {
    let incident = opened;
    const playbook = playbookOf(context.tables, incident.model);
    for (const missed of missedResponses(incident, playbook, context.nowMs))
      incident = recordMissed(context, incident, missed);
    incident = retryRollback(context, incident);
    incident = verifyRollback(context, incident);
    const late = missedVerification(incident, playbook, context.nowMs);
    if (late !== null) incident = recordMissed(context, incident, late);
    incident = askForRollback(context, incident);
    if (!isAnnounced(incident)) incident = announceOpening(context, incident);
    if (isOver(context.tables, incident)) {
      const reason = whyOver(context.tables.model(incident.model), incident);
      resolve(context, incident, { reason, by: '', command: '', authenticated: false, reopensAtMs: 0 });
    } else if (incident.gate) chargeIncident(context, incident, previousMs);
    context.sendMessages();
  }
}

/** One message at the opening, with what was decided at the same tick. */
function announceOpening(context: DecisionContext, incident: Incident): Incident {
  if (declaredModel(context.tables, incident.model) === undefined) return incident;
  const usdPerMinute = incident.gate ? context.tables.model(incident.model).lossPerMinuteUsd : 0;
  return context.announce(incident, audiencesOf(context, incident), openedMessage(incident, usdPerMinute));
}

function recordMissed(context: DecisionContext, incident: Incident, missed: MissedDeadline): Incident {
  const { deadline, dueAtMs, escalateTo } = missed;
  const fact = { case: 'deadlineMissed', value: { deadline, dueAtMs, escalatedTo: escalateTo } } as const;
  const after = context.record(incident, fact, dueAtMs);
  return context.tell(after, [escalateTo], missedDeadlineMessage(after, missed), dueAtMs);
}

/** The alert is quiet on what serves, a gate's budget holds again, and no rollback awaits its verification. */
function isOver(tables: Tables, incident: Incident): boolean {
  const { serving, alerts } = tables.model(incident.model);
  const alert = ownEntry(alerts, alertNameOf(incident));
  if (alert?.gone !== undefined) return alert.gone === 'model' || !awaitsRollback(incident);
  const state = isCurrent(alert, serving) ? alert.state : AlertState.INACTIVE;
  if (state === AlertState.FIRING || state === AlertState.PENDING || awaitsRollback(incident)) return false;
  const budget = tables.budgets.get(tableKey(incident.model, serving));
  return !incident.gate || gateStanding(budget, incident.metric ?? '') === 'within';
}

function whyOver({ alerts }: ModelState, incident: Incident): string {
  const gone = ownEntry(alerts, alertNameOf(incident))?.gone;
  if (gone === 'model') return `the definition of ${incident.model} was deleted: nothing watches it any more`;
  if (gone === 'rule') return `${incident.rule} is no longer defined, or another rule alerts in its place`;
  return incident.gate ? 'the alert is over and the budget holds again' : 'the alert is over';
}

/** What alerts cost that are on their way to an incident. */
function chargePending({ tables, nowMs }: DecisionContext, previousMs: number): void {
  for (const [key, { costUsd }] of tables.pending.entries()) {
    const [model] = JSON.parse(key) as [string, string];
    const { lossPerMinuteUsd } = tables.model(model);
    if (lossPerMinuteUsd === 0) continue;
    tables.pending.set(key, { costUsd: costUsd + lossOf(lossPerMinuteUsd, nowMs - previousMs) });
  }
}

function chargeIncident(context: DecisionContext, incident: Incident, previousMs: number): void {
  const { lossPerMinuteUsd } = context.tables.model(incident.model);
  const before = context.tables.prices.get(incident.id) ?? priceSince(incident.openedAtMs, 0);
  const isQuiet = before.publishedUsdPerMinute === 0 && before.costUsd === before.publishedUsd;
  if (lossPerMinuteUsd === 0 && isQuiet) return;
  const price = charge(before, lossPerMinuteUsd, context.nowMs - previousMs);
  const tell = isWorthPublishing(price, lossPerMinuteUsd, context.nowMs);
  context.tables.prices.set(incident.id, tell ? published(price, lossPerMinuteUsd, context.nowMs) : price);
  if (!tell) return;
  context.record(incident, { case: 'priced', value: { costUsd: price.costUsd, usdPerMinute: lossPerMinuteUsd } });
}
