import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import type { Subject } from '@moola/platform/auth/subject';
import { verdictNames, verdictOf } from '@moola/wording/verdict';
import type { EventLog } from '@moola/streams/ports/event-log';
import { Environments } from '../api/environments.js';
import { actorOf } from './actor.js';
import { commandBody, type CommandAccepted, type CommandBody } from './views.js';
import { issueText, writeCommand, type GivenCommand } from './write-command.js';

/** A person's word, written into `signals`. An answer means that it is durable, not that it was obeyed: see the timeline. */
@Controller('api/v1/environments/:environment/incidents/:incident/commands')
export class CommandController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  @Post()
  @HttpCode(202)
  async command(
    @Param('environment') environment: string,
    @Param('incident') incident: string,
    @Caller() caller: Subject,
    @Body() body: unknown,
  ): Promise<CommandAccepted> {
    const { model } = this.environments.incident(environment, incident);
    const parsed = commandBody.safeParse(body);
    if (!parsed.success) throw new BadRequestException(parsed.error.issues.map(issueText));
    const { id, incidentNumber } = parsed.data;
    const { name: actor, authenticated } = actorOf(caller, parsed.data.actor);
    const kind = kindOf(parsed.data);
    return writeCommand(this.log, environment, model, { id, actor, authenticated, incident, incidentNumber, kind });
  }
}

function kindOf({ kind, reason, verdict, note }: CommandBody): GivenCommand['kind'] & object {
  switch (kind) {
    case 'acknowledge':
      return { case: 'acknowledge', value: {} };
    case 'resolve':
      return { case: 'resolve', value: { reason } };
    case 'judge':
      if (verdict !== undefined) return { case: 'judge', value: { verdict: verdictOf(verdict), note } };
      throw new BadRequestException([`verdict: is missing: one of ${verdictNames.join(', ')}`]);
  }
}
