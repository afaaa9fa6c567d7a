import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { severityName } from '@moola/contracts/definitions/severities';
import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  AlertCondition,
  AlertState,
  type AlertFigure,
  type AlertTransition,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import { breachOf, headline } from '@moola/wording/headline';
import { namedSubject, type NamedSubject } from '@moola/wording/subject';
import { isAnnounced, type Incident } from '../incidents/incident.js';
import { incidentId } from '../incidents/incident-id.js';
import { severityRaisedMessage } from '../notifications/messages.js';
import { priceSince } from '../price/running-price.js';
import { firstTier } from '../tiers/first-tier.js';
import { notApplicable } from '../tiers/not-applicable.js';
import { audiencesOf } from './audiences.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { alertName, isCurrent, placeOf, type AlertOnVersion } from './model-state.js';
import { declaredValue, playbookOf } from './policies.js';
import { tableKey, type Tables } from './tables.js';
import type { DecisionContext } from './decision-context.js';
import { beginWorst, takeFigure, takeSubjectFigure } from './worst-figures.js';

/**
 * An alert has changed state: it opens an incident, or goes into the one that is open for its rule. People hear of an
 * opening at the tick that follows, together with what is done about it.
 */
export function onAlert(context: DecisionContext, model: string, alert: AlertTransition): void {
  // An incident is about what serves: an alert on a canary or a shadow is seen on the page, and by API and metrics.
  if (alert.role === Role.CANARY || alert.role === Role.SHADOW) return;
  const known = context.tables.model(model);
  const subject = namedSubject(alert.subject);
  const name = alertName(alert.rule, placeOf(alert));
  const entry = alertOnVersion(alert, subject);
  const state = context.tables.changeModel(model, {
    serving: known.serving === '' && subject === undefined ? alert.version : known.serving,
    alerts: { ...known.alerts, [name]: entry },
  });
  context.tables.alerts.set(tableKey(model, name), alert);
  if (subject === undefined)
    takeFigure(context.tables, model, { version: alert.version, figure: alert.figure, atMs: context.nowMs });
  const openId = ownEntry(state.incidents, name)?.open ?? null;
  const open = openId === null ? undefined : context.tables.incidents.get(openId);
  const fires = alert.to === AlertState.FIRING;
  if (open !== undefined) {
    if (subject !== undefined) takeSubjectFigure(context.tables, open.id, alert.figure, context.nowMs);
    if (fires || alert.to === AlertState.RESOLVED) goOn(context, open, alert);
  } else if (isCurrent(entry, state.serving)) {
    if (!fires) {
      awaitOpening(context, model, alert);
      if (comesAndGoes(alert)) forgetEnded(context.tables, model, name);
      return;
    }
    const goesOnFiring = alert.from === AlertState.FIRING;
    // A person resolved its incident, and knows of it: only that it got worse is news.
    if (goesOnFiring && alert.severity <= alert.severityBefore) return;
    const key = tableKey(model, name);
    const resolved = goesOnFiring ? context.tables.reopenings.get(key)?.incident : undefined;
    context.tables.reopenings.delete(key);
    openNext(context, model, alert, resolved ?? '');
  }
}

/** Jobs, instances and segments come and go. */
export function comesAndGoes({ subject, segment }: Pick<AlertTransition, 'subject' | 'segment'>): boolean {
  return subject !== undefined || segment !== undefined;
}

/** Of an alert that has ended on what comes and goes, and that no incident is about, nothing is kept. */
export function forgetEnded(tables: Tables, model: string, name: string): void {
  const { alerts, incidents } = tables.model(model);
  const state = ownEntry(alerts, name)?.state;
  if (state === AlertState.FIRING || state === AlertState.PENDING) return;
  const { [name]: _, ...otherAlerts } = alerts;
  const { [name]: __, ...otherIncidents } = incidents;
  tables.changeModel(model, { alerts: otherAlerts, incidents: otherIncidents });
  tables.alerts.delete(tableKey(model, name));
}

/** What a firing alert rests on has gone missing, or is there again. */
export function onAlertFigure(tables: Tables, model: string, alertFigure: AlertFigure): void {
  const { rule, version, condition, figure } = alertFigure;
  const { alerts } = tables.model(model);
  const name = alertName(rule, placeOf(alertFigure));
  const entry = ownEntry(alerts, name);
  if (entry?.version !== version) return;
  const { unsupported: _, ...supported } = entry;
  const holds = condition === AlertCondition.HOLDS;
  tables.changeModel(model, { alerts: { ...alerts, [name]: holds ? supported : { ...entry, unsupported: true } } });
  const key = tableKey(model, name);
  const alert = tables.alerts.get(key);
  // What opens from now on says the figure that it opens on.
  if (holds && figure && alert) tables.alerts.set(key, { ...alert, figure });
}

function alertOnVersion(alert: AlertTransition, subject: NamedSubject | undefined): AlertOnVersion {
  const { version, to: state, reason } = alert;
  return { version, state, ...(subject && { onSubject: true }), ...(reason === 'rule removed' && { gone: 'rule' }) };
}

/** Opens the next incident of a rule. @param reopens the one that was resolved while the alert fired; else empty */
export function openNext(context: DecisionContext, model: string, alert: AlertTransition, reopens: string): void {
  const { incidents } = context.tables.model(model);
  // Counted over all jobs, instances and segments: the number makes the incident's id.
  const ofRule = ownEntry(incidents, alert.rule) ?? { count: 0, open: null };
  const count = ofRule.count + 1;
  const id = incidentId({ model, rule: alert.rule, life: context.life, count });
  context.tables.changeModel(model, {
    incidents: {
      ...incidents,
      [alert.rule]: { ...ofRule, count },
      [alertName(alert.rule, placeOf(alert))]: { count, open: id },
    },
  });
  openIncident(context, id, model, alert, reopens);
}

/** What a pending alert of a gate costs counts when it fires: an incident costs from its breach on. */
function awaitOpening(context: DecisionContext, model: string, alert: AlertTransition): void {
  const { rule, gate, from, to } = alert;
  // It goes on waiting: what holds it back has changed.
  if (from === AlertState.PENDING && to === AlertState.PENDING) return;
  const key = tableKey(model, alertName(rule, placeOf(alert)));
  if (gate && to === AlertState.PENDING) context.tables.pending.set(key, { costUsd: 0 });
  else context.tables.pending.delete(key);
}

function openIncident(
  context: DecisionContext,
  id: string,
  model: string,
  alert: AlertTransition,
  reopens: string,
): void {
  const { rule, version, severity, sinceMs: breachAtMs, gate } = alert;
  const title = headline(breachOf(alert));
  const key = tableKey(model, alertName(rule, placeOf(alert)));
  context.tables.prices.set(id, priceSince(context.nowMs, context.tables.pending.get(key)?.costUsd ?? 0));
  context.tables.pending.delete(key);
  const costUnknown = gate && declaredValue(context.tables, model) === undefined;
  beginWorst(context.tables, id, alert, context.nowMs);
  const service = ownEntry(context.tables.model(model).serviceOf, version);
  const inferredSinceMs = service !== undefined && isInferred(service.by) ? service.beganAtMs : 0;
  let incident = context.record(
    { id, model, number: 0 },
    {
      case: 'opened',
      value: { rule, version, severity, title, breachAtMs, gate, alert, reopens, costUnknown, inferredSinceMs },
    },
  );
  incident = context.record(incident, { case: 'alert', value: alert });
  enterTier(context, incident, severity);
}

function goOn(context: DecisionContext, incident: Incident, alert: AlertTransition): void {
  let after = context.record(incident, { case: 'alert', value: alert });
  if (alert.to !== AlertState.FIRING || alert.severity <= incident.severity) return;
  const from = incident.severity;
  after = context.record(after, { case: 'severityRaised', value: { from, to: alert.severity } });
  if (firstTier(alert.severity) > after.tier) after = enterTier(context, after, alert.severity);
  if (isAnnounced(after))
    context.tell(after, audiencesOf(context, after), severityRaisedMessage(after, from, breachOf(alert)));
}

/** The first tier of a severity, and what of it cannot be carried out. */
function enterTier(context: DecisionContext, incident: Incident, severity: Severity): Incident {
  const tier = firstTier(severity);
  let after = context.record(incident, {
    case: 'tier',
    value: { tier, reason: `starting tier for severity ${severityName(severity)}` },
  });
  for (const { action, reason } of notApplicable(tier, playbookOf(context.tables, incident.model))) {
    after = context.record(after, { case: 'notApplicable', value: { action, reason } });
  }
  return after;
}
