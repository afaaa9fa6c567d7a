import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import type { Subject } from '@moola/platform/auth/subject';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantMs, readInstant } from '@moola/contracts/instants/read-instant';
import { topicName, topics } from '@moola/contracts/topics';
import { alertRules } from '@moola/rules/alert-rules';
import { defaultRules } from '@moola/rules/default-rules';
import type { EventLog } from '@moola/streams/ports/event-log';
import { Environments } from '../api/environments.js';
import { actorOf } from './actor.js';
import { definitionsInForce } from './definitions-in-force.js';
import { issueText, writeCommand } from './write-command.js';
import { missedBody, type CommandAccepted } from './views.js';

/** A person reports that no alert fired although something was wrong. The responder puts it on the record. */
@Controller('api/v1/environments/:environment/missed-incidents')
export class MissedController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  @Post()
  @HttpCode(202)
  async report(
    @Param('environment') environment: string,
    @Caller() caller: Subject,
    @Body() body: unknown,
  ): Promise<CommandAccepted> {
    this.environments.get(environment);
    const parsed = missedBody.safeParse(body);
    if (!parsed.success) throw new BadRequestException(parsed.error.issues.map(issueText));
    const { id, model, rule, note } = parsed.data;
    this.environments.model(environment, model);
    const rules = rule === '' ? [] : await this.rulesOf(environment, model);
    if (rule !== '' && !rules.includes(rule))
      throw new BadRequestException([
        `rule: ${model} has no rule "${rule}": there is ${rules.join(', ') || 'none'}; or leave it out`,
      ]);
    const [fromMs, toMs] = [time('from', parsed.data.from), time('to', parsed.data.to)];
    if (toMs <= fromMs) throw new BadRequestException([`to: ${parsed.data.to} is not after from, ${parsed.data.from}`]);
    const { name: actor, authenticated } = actorOf(caller, parsed.data.actor);
    const kind = { case: 'reportMissed', value: { fromMs, toMs, rule, note } } as const;
    return writeCommand(this.log, environment, model, { id, actor, authenticated, kind });
  }

  /** The rules of a model that are in force. */
  private async rulesOf(environment: string, model: string): Promise<readonly string[]> {
    const at = { topic: topicName(environment, topics.definitions), partition: 0 };
    const definitions = await definitionsInForce(this.log, at);
    const isDeclared = definitions.some(({ name, kind }) => kind.case === 'model' && name === model);
    if (!isDeclared) return [...defaultRules.keys()];
    return [...alertRules(model, definitions).keys()].sort();
  }
}

function time(name: string, text: string): number {
  const reading = readInstant(text);
  if (reading.ok) return instantMs(reading.instant);
  throw new BadRequestException([`${name}: "${text}" ${instantAdvice[reading.fault]}`]);
}
