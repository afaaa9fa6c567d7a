import { AlertVerdict, type Command, type ReportMissed } from '@moola/contracts/gen/moola/v1/signals_pb';
import { instant } from '@moola/wording/instants';
import { acknowledgedByText, type Incident } from '../incidents/incident.js';

/** What becomes of an operator's command: it is obeyed, or refused with a reason that says what to do. */
export type Judgement = { readonly obeyed: true } | { readonly obeyed: false; readonly reason: string };

/** @param incident the one that the command names; `undefined` when there is none. */
export function judgeCommand(command: Command, incident: Incident | undefined): Judgement {
  if (incident === undefined)
    return refused(`there is no incident "${command.incident}"; list them to see which there are`);
  // Whether it was right is often known only afterwards.
  if (command.kind.case === 'judge') {
    if (command.kind.value.verdict !== AlertVerdict.UNSPECIFIED) return { obeyed: true };
    return refused('a verdict is one of real, false and unclear');
  }
  if (incident.state === 'resolved') {
    return refused(`${incident.id} is resolved since ${instant(incident.resolvedAtMs ?? 0)}`);
  }
  switch (command.kind.case) {
    case 'acknowledge':
      if (incident.acknowledgedBy !== '')
        return refused(`${acknowledgedByText(incident)} has acknowledged ${incident.id} already`);
      return unlessChanged(incident, command.incidentNumber, incident.urgencyNumber);
    case 'resolve':
      if (command.kind.value.reason.trim() === '')
        return refused('a resolution needs a reason: it goes into the post-mortem');
      return unlessChanged(incident, command.incidentNumber, incident.courseNumber);
    case 'reportMissed':
    case undefined:
      return refused('the command says none of acknowledge, resolve and judge');
  }
}

/**
 * Judges a report of what no alert fired for.
 * @param isKnown whether anything was ever heard of the model
 */
export function judgeReport(model: string, { fromMs, toMs }: ReportMissed, isKnown: boolean, nowMs: number): Judgement {
  if (!isKnown) return refused(`nothing is known of a model "${model}"`);
  if (!(fromMs < toMs)) return refused(`it ends at ${instant(toMs)}, which is not after ${instant(fromMs)}`);
  if (fromMs > nowMs) return refused(`it begins at ${instant(fromMs)}, and now is ${instant(nowMs)}`);
  return { obeyed: true };
}

/**
 * Who acknowledges must have seen how urgent it is, who resolves all that changed its course; receipts and reminders in
 * between change neither.
 */
function unlessChanged(incident: Incident, seen: number, changedBy: number): Judgement {
  if (seen >= changedBy) return { obeyed: true };
  return refused(`${incident.id} has changed by event ${changedBy} since event ${seen} that you saw; look again`);
}

function refused(reason: string): Judgement {
  return { obeyed: false, reason };
}
