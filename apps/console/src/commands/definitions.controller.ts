import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { topicName, topics } from '@moola/contracts/topics';
import { externalBatch } from '@moola/streams/batch-codec';
import type { EventLog } from '@moola/streams/event-log';
import { z } from 'zod';
import { Environments } from '../api/environments.js';

const bodySchema = z.strictObject({ file: z.string(), yaml: z.string() });

/** `moola apply`: all definitions of a file are checked, then written; none is when one is wrong. */
@Controller('api/v1/environments/:environment/definitions')
export class DefinitionsController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  @Post()
  @HttpCode(200)
  async apply(@Param('environment') environment: string, @Body() body: unknown): Promise<{ applied: string[] }> {
    this.environments.get(environment);
    const parsed = bodySchema.safeParse(body);
    if (!parsed.success) throw new BadRequestException('the body must be {"file": "<name>", "yaml": "<text>"}');
    const result = parseDefinitions(parsed.data.yaml, parsed.data.file);
    if ('problems' in result) throw new BadRequestException(result.problems);
    // One record each: a definition's version is its offset.
    const records = result.definitions.flatMap((value) => externalBatch(topics.definitions, [{ kind: 'data', value }]));
    await this.log.append({ topic: topicName(environment, topics.definitions), partition: 0 }, records, 'door');
    await this.log.flushed();
    return { applied: result.definitions.map(({ kind, name }) => `${kind.case ?? 'unknown'} ${name}`) };
  }
}
