import { create } from '@bufbuild/protobuf';
import { IncidentEventSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Command, ReportMissed } from '@moola/contracts/gen/moola/v1/signals_pb';
import { judgeCommand, judgeReport, type Judgement } from '../commands/judge-command.js';
import { acknowledgedMessage } from '../notifications/messages.js';
import { audiencesOf } from './audiences.js';
import { reopensAt } from './reopen.js';
import { declaredModel } from './policies.js';
import { resolve } from './resolve.js';
import { takeOnce } from './take-once.js';
import type { DecisionContext } from './decision-context.js';

/** A person's word: obeyed or refused, once. */
export function onCommand(context: DecisionContext, model: string, command: Command): void {
  if (!takeOnce(context, 'command', command.id)) return;
  if (command.kind.case === 'reportMissed') return reportMissed(context, model, command, command.kind.value);
  const incident = context.tables.incidents.get(command.incident);
  const { authenticated } = command;
  const judgement = judgeCommand(command, incident);
  if (!judgement.obeyed || incident === undefined) {
    const refused = refusal(command, judgement);
    if (incident !== undefined) context.record(incident, refused);
    else
      context.publish(create(IncidentEventSchema, { incident: command.incident, atMs: context.nowMs, kind: refused }));
    return;
  }
  switch (command.kind.case) {
    case 'acknowledge': {
      const value = { by: command.actor, command: command.id, authenticated };
      const after = context.record(incident, { case: 'acknowledged', value });
      context.tell(after, audiencesOf(context, after), acknowledgedMessage(after));
      return;
    }
    case 'resolve':
      resolve(context, incident, {
        ...{ reason: command.kind.value.reason, by: command.actor, command: command.id, authenticated },
        reopensAtMs: reopensAt(context, incident),
      });
      return;
    case 'judge': {
      const { verdict, note } = command.kind.value;
      const value = { verdict, note, by: command.actor, command: command.id, authenticated };
      context.record(incident, { case: 'judged', value });
      return;
    }
    case undefined:
      return;
  }
}

function refusal({ id, actor, authenticated }: Command, judgement: Judgement) {
  const reason = judgement.obeyed ? '' : judgement.reason;
  return { case: 'commandRefused', value: { command: id, by: actor, reason, authenticated } } as const;
}

/** Of no incident: that is what was missing. */
function reportMissed(context: DecisionContext, model: string, command: Command, report: ReportMissed): void {
  const { tables, nowMs } = context;
  const isKnown = declaredModel(tables, model) !== undefined || tables.models.get(model) !== undefined;
  const judgement = judgeReport(model, report, isKnown, nowMs);
  const { fromMs, toMs, rule, note } = report;
  const { actor: by, id, authenticated } = command;
  const kind = judgement.obeyed
    ? ({ case: 'missedReported', value: { fromMs, toMs, rule, note, by, command: id, authenticated } } as const)
    : refusal(command, judgement);
  context.publish(create(IncidentEventSchema, { model, atMs: nowMs, kind }));
}
