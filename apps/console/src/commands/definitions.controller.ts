import { BadRequestException, Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { decodeBatch, externalBatch } from '@moola/streams/batch-codec';
import type { EventLog, TopicPartition } from '@moola/streams/event-log';
import { Environments } from '../api/environments.js';
import { definitionsBody, type DefinitionsApplied } from './views.js';

const readBytes = 1 << 20;

/** `moola apply`: all definitions of a file are checked, then written; none is when one is wrong. */
@Controller('api/v1/environments/:environment/definitions')
export class DefinitionsController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  @Post()
  @HttpCode(200)
  async apply(@Param('environment') environment: string, @Body() body: unknown): Promise<DefinitionsApplied> {
    this.environments.get(environment);
    const parsed = definitionsBody.safeParse(body);
    if (!parsed.success) throw new BadRequestException('the body must be {"file": "<name>", "yaml": "<text>"}');
    const at = { topic: topicName(environment, topics.definitions), partition: 0 };
    const result = parseDefinitions(parsed.data.yaml, parsed.data.file, await this.applied(at));
    if ('problems' in result) throw new BadRequestException(result.problems);
    // One record each: a definition's version is its offset.
    const records = result.definitions.flatMap((value) => externalBatch(topics.definitions, [{ kind: 'data', value }]));
    await this.log.append(at, records, 'door');
    await this.log.flushed();
    return { applied: result.definitions.map(({ kind, name }) => `${kind.case ?? 'unknown'} ${name}`) };
  }

  /** All that was applied before: a file may name models of another one. */
  private async applied(at: TopicPartition): Promise<Definition[]> {
    const definitions: Definition[] = [];
    let { first: next } = await this.log.bounds(at);
    for (;;) {
      const { records } = await this.log.read(at, next, readBytes);
      if (records.length === 0) return definitions;
      for (const record of records) {
        definitions.push(...decodeBatch(record.value, topics.definitions.codec).data);
        next = record.offset + 1;
      }
    }
  }
}
