import { create } from '@bufbuild/protobuf';
import { IncidentEventSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Command } from '@moola/contracts/gen/moola/v1/signals_pb';
import { judgeCommand } from '../commands/judge-command.js';
import { acknowledgedMessage } from '../notifications/messages.js';
import { audiencesOf } from './audiences.js';
import { reopensAt } from './reopen.js';
import { resolve } from './resolve.js';
import { takeOnce } from './take-once.js';
import type { DecisionContext } from './decision-context.js';

/** A person's word: obeyed or refused, once. */
export function onCommand(context: DecisionContext, command: Command): void {
  if (!takeOnce(context, 'command', command.id)) return;
  const incident = context.tables.incidents.get(command.incident);
  const { authenticated } = command;
  const judgement = judgeCommand(command, incident);
  if (!judgement.obeyed || incident === undefined) {
    const reason = judgement.obeyed ? '' : judgement.reason;
    const refused = {
      case: 'commandRefused',
      value: { command: command.id, by: command.actor, reason, authenticated },
    } as const;
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
    case undefined:
      return;
  }
}
