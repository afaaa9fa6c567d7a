import { create } from '@bufbuild/protobuf';
import { IncidentEventSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Command } from '@moola/contracts/gen/moola/v1/signals_pb';
import { judgeCommand } from '../commands/judge-command.js';
import { acknowledgedMessage } from '../notifications/messages.js';
import { audiencesOf } from './audiences.js';
import { reopensAt } from './reopen.js';
import { resolve } from './resolve.js';
import { takeOnce } from './take-once.js';
import type { Turn } from './turn.js';

/** A person's word: obeyed or refused, once. */
export function onCommand(turn: Turn, command: Command): void {
  if (!takeOnce(turn, 'command', command.id)) return;
  const incident = turn.tables.incidents.get(command.incident);
  const judgement = judgeCommand(command, incident);
  if (!judgement.obeyed || incident === undefined) {
    const reason = judgement.obeyed ? '' : judgement.reason;
    const refused = { case: 'commandRefused', value: { command: command.id, by: command.actor, reason } } as const;
    if (incident !== undefined) turn.record(incident, refused);
    else turn.publish(create(IncidentEventSchema, { incident: command.incident, atMs: turn.nowMs, kind: refused }));
    return;
  }
  switch (command.kind.case) {
    case 'acknowledge': {
      const value = { by: command.actor, command: command.id };
      const after = turn.record(incident, { case: 'acknowledged', value });
      turn.tell(after, audiencesOf(turn, after), acknowledgedMessage(after));
      return;
    }
    case 'resolve':
      resolve(turn, incident, {
        ...{ reason: command.kind.value.reason, by: command.actor, command: command.id },
        reopensAtMs: reopensAt(turn, incident),
      });
      return;
    case undefined:
      return;
  }
}
