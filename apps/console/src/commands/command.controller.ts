import { create } from '@bufbuild/protobuf';
import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import type { Subject } from '@moola/platform/auth/subject';
import { SignalSchema } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { z } from 'zod';
import { Environments } from '../api/environments.js';
import { actorOf } from './actor.js';
import { commandBody, type CommandAccepted } from './views.js';

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
    if (!parsed.success) throw new BadRequestException(parsed.error.issues.map(words));
    const { id, kind, incidentNumber, reason } = parsed.data;
    const { name: actor, authenticated } = actorOf(caller, parsed.data.actor);
    if (actor === '') throw new BadRequestException(['actor: no authentication is configured here: say who you are']);
    const signal = create(SignalSchema, {
      model,
      kind: {
        case: 'command',
        value: {
          ...{ id, actor, authenticated, incident, incidentNumber },
          kind: kind === 'acknowledge' ? { case: 'acknowledge', value: {} } : { case: 'resolve', value: { reason } },
        },
      },
    });
    const records = externalBatch(topics.signals, [{ kind: 'data', value: signal }]);
    await this.log.append({ topic: topicName(environment, topics.signals), partition: 0 }, records, 'person');
    await this.log.flushed();
    return { accepted: true, id, actor, authenticated };
  }
}

const words = ({ path, message }: z.core.$ZodIssue) => `${path.join('.') || 'the body'}: ${message}`;
