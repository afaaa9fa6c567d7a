import type { ActionResult } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { MissedDeadline } from '../deadlines/deadlines-due.js';
import { outcomeWords } from '@moola/wording/outcomes';
import { acknowledgedByText, type Decision, type Incident, type Rollback } from '../incidents/incident.js';
import { actorText } from '@moola/wording/actor';
import type { Difference } from '@moola/wording/difference';
import { spoken } from '@moola/wording/durations';
import { differenceText, measured } from '@moola/wording/figures';
import { headline, sinceText, type Breach } from '@moola/wording/headline';
import { instant } from '@moola/wording/instants';
import { decisionReason } from '@moola/wording/decision-reason';
import { dollars, howToDeclareValue } from '@moola/wording/money';
import { lookedAtText } from '@moola/wording/looked-at';
import { isStrong } from '@moola/wording/points';
import { severityWord } from '@moola/wording/names';
import { aboutText } from '@moola/wording/subject';
import { undeployedText } from '@moola/wording/undeployed';
import type { Message } from './message.js';

/**
 * An incident has opened: what is wrong, since when, what it costs, and what is being done, unless a decision about a
 * rollback says so in its own words. @param usdPerMinute what the model loses, 0 if nothing is known.
 */
export function openedMessage(incident: Incident, usdPerMinute: number): Message {
  const { breach, summary = '', reopens = '', openedAtMs, breachAtMs, version, id, inferredSinceMs } = incident;
  const again = reopens === '' ? '' : ` ${reopens} was resolved by hand, and the alert has fired ever since.`;
  const held = openedAtMs - breachAtMs;
  const since = `${held > 0 ? ` for ${spoken(held)}` : ''}, since ${instant(breachAtMs)}`;
  const price = usdPerMinute > 0 ? `; it costs ${dollars(usdPerMinute)} a minute` : '';
  const rule = summary === '' ? '' : `${summary.replace(/\.$/, '')}. `;
  const undeployed = inferredSinceMs === undefined ? '' : ` ${undeployedText(version, inferredSinceMs)}.`;
  const figures = breach === undefined ? incident.title : measured(breach);
  const about = breach?.subject === undefined ? version : `${aboutText(breach)} of model ${incident.model}`;
  return {
    action: 'trigger',
    title: headlineOf(incident),
    text: [
      `${rule}${figures} on ${about}${since}${price}.${undeployed}${again} Incident ${id}.`,
      ...(incident.description === undefined ? [] : [incident.description]),
      ...doing(incident),
    ].join('\n'),
  };
}

/** What is done when no rollback is considered. */
function doing(incident: Incident): readonly string[] {
  // Rolling a version back changes nothing about a job or a machine.
  if (incident.lastDecision !== null || incident.breach?.subject !== undefined) return [];
  if (!incident.gate) return ['No rollback is considered: only lines with `gate: true` can cause one.'];
  return [`No rollback is considered at severity ${severityWord(incident.severity)}.`];
}

/** `CRITICAL churn: Accuracy 62.8 %, limit 85 %, v7, since 09:36 UTC`, with a day where that is not the opening's. */
function headlineOf({ severity, model, title, breachAtMs, openedAtMs }: Incident): string {
  return `${severityWord(severity)} ${model}: ${title}, ${sinceText(breachAtMs, openedAtMs)} UTC`;
}

/** @param breach what is wrong now; the incident's own is that of its opening */
export function severityRaisedMessage(incident: Incident, from: Severity, breach: Breach): Message {
  return {
    action: 'trigger',
    title: headlineOf({ ...incident, title: headline(breach) }),
    text: `Raised from ${severityWord(from)} to ${severityWord(incident.severity)}: ${measured(breach)}. Incident ${incident.id}.`,
  };
}

/** What a decision rests on, and what became of it. */
export interface DecisionFacts {
  /** When it was taken. */
  readonly atMs: number;
  readonly difference: Difference | null;
  readonly lookedAt: readonly VersionLookedAt[];
  /** Versions that are better with confidence, as was not known at the decision before. */
  readonly newlyBetter: readonly string[];
  /** Why the alias is not moved though it should be; `null` when it is, or when nothing should be moved. */
  readonly obstacle: string | null;
}

export function decisionMessage(
  incident: Incident,
  decision: Decision,
  { atMs, difference, lookedAt, newlyBetter, obstacle }: DecisionFacts,
): Message {
  const figures = difference === null ? '' : ` ${differenceText(difference)}.`;
  const { from, to, answer } = decision;
  const reason = decisionReason(decision);
  if (answer === RollbackAnswer.HOLD) {
    const versions = lookedAtText(lookedAt, atMs);
    if (newlyBetter.length > 0) {
      return {
        action: 'trigger',
        title: `${incident.model}: ${andList(newlyBetter)} better than ${from} with confidence, traffic was not moved`,
        text: `${from} goes on serving: ${reason}. ${versions}. Move traffic by hand, or decide against it.`,
      };
    }
    return {
      action: 'note',
      title: `${incident.model}: rollback held, ${reason}`,
      text: `${from} goes on serving.${figures}${versions === '' ? '' : ` ${versions}.`} The decision is reviewed when the figures change.`,
    };
  }
  const kind = answer === RollbackAnswer.MITIGATE ? 'mitigation' : 'rollback';
  const sure = isStrong(difference) ? 'is' : 'is probably';
  const cause = `A release ${sure} the cause: ${to} is ${reason}.${figures}`;
  if (obstacle !== null) {
    return {
      action: 'trigger',
      title: `${incident.model}: ${kind} from ${from} to ${to} is advised`,
      text: `${cause} Nothing was moved: ${obstacle}. Move traffic by hand, or decide against it.`,
    };
  }
  const stays = answer === RollbackAnswer.MITIGATE ? ` The incident stays open: ${to} is out of budget itself.` : '';
  return {
    action: 'trigger',
    title: `${incident.model}: ${kind} from ${from} to ${to}`,
    text: `${cause}${stays}`,
  };
}

/** `v6 is`, `v5 and v6 are`. */
function andList(names: readonly string[]): string {
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
}

/** The version that a rollback put into service no longer answers. */
export function targetSilentMessage(
  incident: Incident,
  { from, to }: Rollback,
  { sinceMs, metric, needed }: { readonly sinceMs: number; readonly metric: string; readonly needed: number },
): Message {
  const count = needed > 0 ? `fewer than ${needed}` : 'too few';
  return {
    action: 'trigger',
    title: `${incident.model}: ${to} has stopped answering since the rollback`,
    text: `${to} serves since ${instant(incident.rollback?.servedAtMs ?? sinceMs)} instead of ${from}, and has ${count} samples of ${metric} since ${instant(sinceMs)}. Traffic is not moved without evidence: check that ${to} answers, or move it by hand.`,
  };
}

/** The version that a rollback put into service is worse than the one before, and traffic stays where it is. */
export function targetWorseMessage(
  incident: Incident,
  { from, to, servedAtMs }: Rollback,
  difference: Difference | null,
  obstacle: string,
): Message {
  const figures = difference === null ? '' : ` ${differenceText(difference)}.`;
  return {
    action: 'trigger',
    title: `${incident.model}: rollback to ${to} made it worse`,
    text: `Since ${instant(servedAtMs)} ${to} is worse than ${from} with confidence.${figures} Nothing was moved: ${obstacle}. Decide by hand which version serves.`,
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
    title: `${incident.model}: ${acknowledgedByText(incident)} takes care of it`,
    text: `${incident.id} was acknowledged by ${acknowledgedByText(incident)}.`,
  };
}

function costSentence({ model, costUsd, costUnknown }: Incident): string {
  return costUnknown ? `What it cost is unknown: ${howToDeclareValue(model)}` : `It cost ${dollars(costUsd)}.`;
}

/** How an incident was resolved. */
interface Ending {
  readonly reason: string;
  readonly by: string;
  readonly authenticated: boolean;
  readonly reopensAtMs: number;
}

export function resolvedMessage(incident: Incident, { reason, by, authenticated, reopensAtMs }: Ending): Message {
  const open = spoken((incident.resolvedAtMs ?? incident.openedAtMs) - incident.openedAtMs);
  const cost = incident.gate ? ` ${costSentence(incident)}` : '';
  const fires =
    reopensAtMs > 0
      ? ` Its alert still fires: it is opened again at ${instant(reopensAtMs)} unless that ends before, or has no data then.`
      : '';
  return {
    action: 'resolve',
    title: `${incident.model}: resolved${reopensAtMs > 0 ? ` by ${actorText(by, authenticated)} while its alert fires` : ''}, ${incident.title}`,
    text: `${incident.id} was open for ${open}: ${reason}.${cost}${fires} Its post-mortem is written.`,
  };
}
