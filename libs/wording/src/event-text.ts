import { judgedText, missedText } from './verdict.js';
import type { ActionIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import {
  DecisionReason,
  RollbackAnswer,
  TargetFault,
  type IncidentEvent,
  type IncidentOpened,
  type IncidentResolved,
  type RollbackDecision,
  type RollbackTargetFailing,
  type ServingChanged,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import { AlertState, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { annotationsOf } from './annotations.js';
import { actorText } from './actor.js';
import { outcomeWords } from './outcomes.js';
import { differenceOf } from './difference.js';
import { differenceText, measured } from './figures.js';
import { decisionReason } from './decision-reason.js';
import { breachOf } from './headline.js';
import { instant } from './instants.js';
import { lookedAtText } from './looked-at.js';
import { dollars } from './money.js';
import { severityWord, tierNames } from './names.js';
import { newlySure } from './newly-sure.js';
import { aboutText } from './subject.js';
import { undeployedText } from './undeployed.js';

/** What an event says, in a sentence. */
export function eventText(event: IncidentEvent): string {
  const kind = event.kind;
  switch (kind.case) {
    case 'opened':
      return openedText(event.model, kind.value);
    case 'alert':
      return alertText(kind.value);
    case 'tier':
      return `Tier ${tierNames[kind.value.tier]}: ${kind.value.reason}`;
    case 'action':
      return actionText(kind.value.intent);
    case 'result':
      return `Step ${kind.value.step} ${outcomeWords[kind.value.outcome]}${after(kind.value.detail)}`;
    case 'notApplicable':
      return `Action "${kind.value.action}" is not applicable: ${kind.value.reason}`;
    case 'decision':
      return decisionText(kind.value, event.atMs);
    case 'verified':
      return `Rollback from ${kind.value.from} to ${kind.value.to} verified${after(kind.value.evidence)}`;
    case 'rollbackFailed':
      return `Rollback from ${kind.value.from} to ${kind.value.to} ended without effect: ${kind.value.reason}`;
    case 'targetFailing':
      return targetFailingText(kind.value);
    case 'deadlineMissed':
      return `The ${kind.value.deadline} deadline passed; ${kind.value.escalatedTo} is notified`;
    case 'acknowledged':
      return `${actorText(kind.value.by, kind.value.authenticated)} acknowledged`;
    case 'judged':
      return judgedText(kind.value);
    case 'missedReported':
      return missedText(kind.value);
    case 'severityRaised':
      return `Severity raised from ${severityWord(kind.value.from)} to ${severityWord(kind.value.to)}`;
    case 'notified':
      return `Notified: ${kind.value.audience}`;
    case 'receipt':
      return `${kind.value.channelKind} ${kind.value.channelName}, attempt ${kind.value.attempt}${after(kind.value.detail)}`;
    case 'resolved':
      return resolvedText(kind.value);
    case 'servingChanged':
      return servingText(kind.value);
    case 'commandRefused':
      return `${actorText(kind.value.by, kind.value.authenticated)} was refused: ${kind.value.reason}`;
    case 'priced':
      return `It has cost ${dollars(kind.value.costUsd)} so far, and costs ${dollars(kind.value.usdPerMinute)} a minute`;
    case 'postMortem':
      return 'Post-mortem written';
    case undefined:
      return 'An event of a kind that this version does not know';
  }
}

function servingText({ from, to, by, sinceMs }: ServingChanged): string {
  if (isInferred(by)) return `${undeployedText(to, sinceMs)}: it serves instead of ${from}`;
  return `${to} serves instead of ${from}${by === '' ? '' : `, by ${by}`}`;
}

function openedText(model: string, opened: IncidentOpened): string {
  const { severity, title, alert, breachAtMs, reopens, version, inferredSinceMs } = opened;
  const summary = alert === undefined ? '' : annotationsOf(model, alert).summary;
  const rule = summary === '' ? '' : ` (${summary.replace(/\.$/, '')})`;
  const again = reopens === '' ? '' : `; ${reopens} was resolved by hand while the alert fired`;
  const undeployed = inferredSinceMs > 0 ? `. ${undeployedText(version, inferredSinceMs)}` : '';
  return `Opened as ${severityWord(severity)}: ${title}${rule}; the condition first held at ${instant(breachAtMs)}${again}${undeployed}`;
}

function alertText(alert: AlertTransition): string {
  const breach = breachOf(alert);
  const figures = measured(breach);
  if (alert.to === AlertState.FIRING && alert.from === AlertState.FIRING) {
    const [now, before] = [alert.severity, alert.severityBefore].map(severityWord);
    return `${alert.rule} on ${alert.version} is ${now} now, was ${before}: ${figures}`;
  }
  if (alert.to === AlertState.FIRING)
    return `${alert.rule} fires on ${aboutText(breach)}: ${figures}, since ${instant(alert.sinceMs)}`;
  return `${alert.rule} is over on ${aboutText(breach)}: ${alert.reason}${breach.metric === '' ? '' : `, ${figures}`}`;
}

function actionText(intent: ActionIntent | undefined): string {
  if (intent?.kind.case !== 'moveAlias') return 'An action was asked for';
  const { registeredModel, alias, from, to } = intent.kind.value;
  return `Step ${intent.step}: the registry is asked to move ${registeredModel}@${alias} from ${from} to ${to}`;
}

function decisionText(decision: RollbackDecision, atMs: number): string {
  const { answer, from, to, comparison, lookedAt } = decision;
  const newly = newlySure(decision);
  const reason = decisionReason(decision);
  // That no pairs are known says nothing where none can be.
  const versions = decision.code === DecisionReason.NOT_COMPARED ? '' : lookedAtText(lookedAt, atMs);
  const figures = comparison === undefined || to === '' ? '' : `; ${differenceText(differenceOf(comparison, to))}`;
  switch (answer) {
    case RollbackAnswer.HOLD:
      return [
        `Rollback ${newly === '' ? 'held' : 'still held'}, ${from} goes on serving: ${reason}${figures}`,
        ...(newly === '' ? [] : [`New: ${newly}`]),
        ...(versions === '' ? [] : [versions]),
      ].join('. ');
    case RollbackAnswer.MITIGATE:
      return `Mitigation from ${from} to ${to}: ${reason}${figures}`;
    case RollbackAnswer.ROLL_BACK:
      return `Rollback from ${from} to ${to}: ${reason}${figures}`;
    case RollbackAnswer.UNDO:
      return `Undone, back from ${from} to ${to}: ${reason}${figures}`;
    case RollbackAnswer.UNSPECIFIED:
      return `Rollback considered: ${reason}`;
  }
}

function targetFailingText({
  from,
  to,
  fault,
  sinceMs,
  metric,
  needed,
  comparison,
  obstacle,
}: RollbackTargetFailing): string {
  if (fault === TargetFault.SILENT) {
    const count = needed > 0 ? `fewer than ${needed}` : 'too few';
    return `${to}, which serves instead of ${from}, has ${count} samples of ${metric} since ${instant(sinceMs)}: a person is needed`;
  }
  const figures = comparison === undefined ? '' : ` (${differenceText(differenceOf(comparison, to))})`;
  return `${to}, which serves instead of ${from}, is worse${figures}, and nothing was moved: ${obstacle}`;
}

function resolvedText({ by, authenticated, reason, reopensAtMs }: IncidentResolved): string {
  const fires =
    reopensAtMs > 0
      ? `; the alert still fires, and opens it again at ${instant(reopensAtMs)} if it does so on current data`
      : '';
  return `Resolved${by === '' ? '' : ` by ${actorText(by, authenticated)}`}: ${reason}${fires}`;
}

function after(detail: string): string {
  return detail === '' ? '' : `: ${detail}`;
}
