import type { ActionIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import {
  RollbackAnswer,
  type IncidentEvent,
  type IncidentOpened,
  type RollbackDecision,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertState, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { outcomeWords } from './outcomes.js';
import { differenceOf } from './difference.js';
import { breachText, differenceText } from './figures.js';
import { instant } from './instants.js';
import { dollars } from './money.js';
import { severityWord, tierNames } from './names.js';

/** What an event says, in a sentence. */
export function eventText(event: IncidentEvent): string {
  const kind = event.kind;
  switch (kind.case) {
    case 'opened':
      return openedText(kind.value);
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
      return decisionText(kind.value);
    case 'verified':
      return `Rollback from ${kind.value.from} to ${kind.value.to} verified${after(kind.value.evidence)}`;
    case 'rollbackFailed':
      return `Rollback from ${kind.value.from} to ${kind.value.to} ended without effect: ${kind.value.reason}`;
    case 'deadlineMissed':
      return `The ${kind.value.deadline} deadline passed; ${kind.value.escalatedTo} is told`;
    case 'acknowledged':
      return `${kind.value.by} acknowledged`;
    case 'severityRaised':
      return `Severity raised from ${severityWord(kind.value.from)} to ${severityWord(kind.value.to)}`;
    case 'notified':
      return `Told: ${kind.value.audience}`;
    case 'receipt':
      return `${kind.value.channelKind} ${kind.value.channelName}, attempt ${kind.value.attempt}${after(kind.value.detail)}`;
    case 'resolved':
      return `Resolved${kind.value.by === '' ? '' : ` by ${kind.value.by}`}: ${kind.value.reason}`;
    case 'servingChanged':
      return `${kind.value.to} serves instead of ${kind.value.from}${kind.value.by === '' ? '' : `, by ${kind.value.by}`}`;
    case 'commandRefused':
      return `${kind.value.by} was refused: ${kind.value.reason}`;
    case 'priced':
      return `It has cost ${dollars(kind.value.costUsd)} so far, and costs ${dollars(kind.value.usdPerMinute)} a minute`;
    case 'postMortem':
      return 'Post-mortem written';
    case undefined:
      return 'An event of a kind that this version does not know';
  }
}

function openedText({ severity, title, alert, breachAtMs }: IncidentOpened): string {
  const rule = alert === undefined || alert.summary === '' ? '' : ` (${alert.summary.replace(/\.$/, '')})`;
  return `Opened as ${severityWord(severity)}: ${title}${rule}; the condition first held at ${instant(breachAtMs)}`;
}

function alertText(alert: AlertTransition): string {
  const figures = breachText(alert);
  return alert.to === AlertState.FIRING
    ? `${alert.rule} fires on ${alert.version}: ${figures}, since ${instant(alert.sinceMs)}`
    : `${alert.rule} is over on ${alert.version}: ${alert.reason}, ${figures}`;
}

function actionText(intent: ActionIntent | undefined): string {
  if (intent?.kind.case !== 'moveAlias') return 'An action was asked for';
  const { registeredModel, alias, from, to } = intent.kind.value;
  return `Step ${intent.step}: the registry is asked to move ${registeredModel}@${alias} from ${from} to ${to}`;
}

function decisionText(decision: RollbackDecision): string {
  const { answer, from, to, reason, comparison } = decision;
  const figures = comparison === undefined || to === '' ? '' : `; ${differenceText(differenceOf(comparison, to))}`;
  switch (answer) {
    case RollbackAnswer.HOLD:
      return `Rollback held, ${from} goes on serving: ${reason}${figures}`;
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

function after(detail: string): string {
  return detail === '' ? '' : `: ${detail}`;
}
