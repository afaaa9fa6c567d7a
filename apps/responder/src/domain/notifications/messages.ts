import type { ActionResult } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { MissedDeadline } from '../deadlines/deadlines-due.js';
import { outcomeWords } from '@moola/wording/outcomes';
import type { Decision, Incident, Rollback } from '../incidents/incident.js';
import type { Difference } from '@moola/wording/difference';
import { spoken } from '@moola/wording/durations';
import { differenceText, measured } from '@moola/wording/figures';
import { sinceText } from '@moola/wording/headline';
import { instant } from '@moola/wording/instants';
import { dollars } from '@moola/wording/money';
import { severityWord } from '@moola/wording/names';
import type { Message } from './message.js';

/**
 * An incident has opened: what is wrong, since when, what it costs, and what is being done, unless a decision about a
 * rollback says so in its own words. @param usdPerMinute what the model loses, 0 if nothing is known.
 */
export function openedMessage(incident: Incident, usdPerMinute: number): Message {
  const { breach, summary = '', openedAtMs, breachAtMs, version, id } = incident;
  const held = openedAtMs - breachAtMs;
  const since = `${held > 0 ? ` for ${spoken(held)}` : ''}, since ${instant(breachAtMs)}`;
  const price = usdPerMinute > 0 ? `; it costs ${dollars(usdPerMinute)} a minute` : '';
  const rule = summary === '' ? '' : `${summary.replace(/\.$/, '')}. `;
  const figures = breach === undefined ? incident.title : measured(breach);
  return {
    action: 'trigger',
    title: headlineOf(incident),
    text: [`${rule}${figures} on ${version}${since}${price}. Incident ${id}.`, ...doing(incident)].join('\n'),
  };
}

/** What is done when no rollback is considered. */
function doing(incident: Incident): readonly string[] {
  if (incident.lastDecision !== null) return [];
  if (!incident.gate) return ['Nothing is done automatically: this metric is no gate of the budget.'];
  return [`Nothing is done automatically at severity ${severityWord(incident.severity)}.`];
}

/** `CRITICAL churn: Accuracy 62.8 %, limit 85 %, v7, since 09:36 UTC`, with a day where that is not the opening's. */
function headlineOf({ severity, model, title, breachAtMs, openedAtMs }: Incident): string {
  return `${severityWord(severity)} ${model}: ${title}, ${sinceText(breachAtMs, openedAtMs)} UTC`;
}

export function severityRaisedMessage(incident: Incident, from: Severity): Message {
  return {
    action: 'trigger',
    title: headlineOf(incident),
    text: `Raised from ${severityWord(from)} to ${severityWord(incident.severity)}. Incident ${incident.id}.`,
  };
}

/** @param carriedOut whether the alias is being moved; otherwise a person has to. */
export function decisionMessage(
  incident: Incident,
  decision: Decision,
  difference: Difference | null,
  carriedOut: 'carried out' | 'left to a person',
): Message {
  const figures = difference === null ? '' : ` ${differenceText(difference)}.`;
  const { from, to, reason } = decision;
  if (decision.answer === RollbackAnswer.HOLD) {
    return {
      action: 'note',
      title: `${incident.model}: rollback held, ${reason}`,
      text: `${from} goes on serving${to === '' ? '' : `; the candidate is ${to}`}: ${reason}.${figures} It is looked at again when the figures change.`,
    };
  }
  const kind = decision.answer === RollbackAnswer.MITIGATE ? 'mitigation' : 'rollback';
  const stays =
    decision.answer === RollbackAnswer.MITIGATE ? ' The incident stays open: the target breaks the budget itself.' : '';
  return carriedOut === 'carried out'
    ? {
        action: 'trigger',
        title: `${incident.model}: ${kind} from ${from} to ${to}`,
        text: `A release is the cause. ${to} is ${reason}.${figures}${stays}`,
      }
    : {
        action: 'trigger',
        title: `${incident.model}: ${kind} from ${from} to ${to} is advised`,
        text: `A release is the cause. ${to} is ${reason}.${figures} Nothing was moved: that is left to a person.`,
      };
}

export function undoMessage(incident: Incident, rollback: Rollback, difference: Difference | null): Message {
  const figures = difference === null ? '' : ` ${differenceText(difference)}.`;
  return {
    action: 'trigger',
    title: `${incident.model}: rollback to ${rollback.to} made it worse, going back to ${rollback.from}`,
    text: `Since ${instant(rollback.servedAtMs)} ${rollback.to} is worse than ${rollback.from} with confidence.${figures}`,
  };
}

export function verifiedMessage(incident: Incident, rollback: Rollback, evidence: string): Message {
  return {
    action: 'note',
    title: `${incident.model}: rollback from ${rollback.from} to ${rollback.to} verified`,
    text: `${evidence}.`,
  };
}

export function actionFailedMessage(incident: Incident, rollback: Rollback, result: ActionResult): Message {
  return {
    action: 'trigger',
    title: `${incident.model}: moving from ${rollback.from} to ${rollback.to} ${outcomeWords[result.outcome]}`,
    text: `${result.detail}. No further rollback is tried for ${incident.id}: check the registry and decide by hand.`,
  };
}

export function supersededMessage(incident: Incident, rollback: Rollback, by: string): Message {
  return {
    action: 'note',
    title: `${incident.model}: ${by} replaced ${rollback.to} before its effect was seen`,
    text: `The rollback from ${rollback.from} to ${rollback.to} is no longer watched: ${by} serves now.`,
  };
}

export function missedDeadlineMessage(incident: Incident, missed: MissedDeadline): Message {
  const after = spoken(missed.dueAtMs - incident.severitySinceMs);
  const headline = headlineOf(incident);
  switch (missed.deadline) {
    case 'response':
      return { action: 'trigger', title: headline, text: `Nobody has acknowledged ${incident.id} within ${after}.` };
    case 'escalation':
      return {
        action: 'trigger',
        title: `Escalated: ${headline}`,
        text: `${incident.id} is open for ${after} and nobody has acknowledged it.`,
      };
    case 'verification': {
      const rollback = incident.rollback;
      const which = rollback === null ? 'The rollback' : `The rollback from ${rollback.from} to ${rollback.to}`;
      return {
        action: 'trigger',
        title: `Escalated: ${incident.model}: rollback shows no effect yet`,
        text: `${which} was due to be verified by ${instant(missed.dueAtMs)}. It is still watched.`,
      };
    }
  }
}

export function acknowledgedMessage(incident: Incident): Message {
  return {
    action: 'acknowledge',
    title: `${incident.model}: ${incident.acknowledgedBy} looks after it`,
    text: `${incident.id} was acknowledged by ${incident.acknowledgedBy}.`,
  };
}

export function resolvedMessage(incident: Incident, reason: string): Message {
  const open = spoken((incident.resolvedAtMs ?? incident.openedAtMs) - incident.openedAtMs);
  const cost = incident.gate ? ` It cost ${dollars(incident.costUsd)}.` : '';
  return {
    action: 'resolve',
    title: `${incident.model}: resolved, ${incident.title}`,
    text: `${incident.id} was open for ${open}: ${reason}.${cost} Its post-mortem is written.`,
  };
}
