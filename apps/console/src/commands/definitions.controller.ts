import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import {
  definitionKinds,
  deletionOf,
  goneWith,
  kindOf,
  routesOf,
  sameDefinition,
  type DefinitionKind,
} from '@moola/contracts/definitions/in-force';
import { nearest } from '@moola/contracts/definitions/nearest';
import { parseDefinitionFiles } from '@moola/contracts/definitions/parse-definitions';
import { definitionYaml } from '@moola/contracts/definitions/to-yaml';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { Caller } from '@moola/platform/access/caller';
import type { Subject } from '@moola/platform/auth/subject';
import { Environments } from '../api/environments.js';
import { actorOf, type Actor } from './actor.js';
import { definitionsInForce } from './definitions-in-force.js';
import { definitionsBody, type DefinitionsApplied, type DefinitionsDeleted, type DefinitionView } from './views.js';

/** What is defined: applied, listed, shown, deleted. */
@Controller('api/v1/environments/:environment/definitions')
export class DefinitionsController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  /**
   * `moola apply`: all definitions of the files are checked, with what is in force; none is written when one is wrong, and none
   * that is in force already. So whoever applies the same files again changes nothing.
   */
  @Post()
  @HttpCode(200)
  async apply(
    @Param('environment') environment: string,
    @Caller() caller: Subject,
    @Body() body: unknown,
  ): Promise<DefinitionsApplied> {
    const at = this.topicOf(environment);
    const parsed = definitionsBody.safeParse(body);
    if (!parsed.success)
      throw new BadRequestException('the body must be {"file": "<name>", "yaml": "<text>"}, or {"files": [<such>, …]}');
    const files = 'files' in parsed.data ? parsed.data.files : [parsed.data];
    const before = await definitionsInForce(this.log, at);
    const result = parseDefinitionFiles(files, before);
    if ('problems' in result) throw new BadRequestException(result.problems);
    const isInForce = (definition: Definition): boolean => before.some((each) => sameDefinition(each, definition));
    const changed = result.definitions.filter((definition) => !isInForce(definition));
    await this.write(at, changed, actorOf(caller, parsed.data.actor));
    return {
      applied: changed.map(subjectOf),
      unchanged: result.definitions.filter(isInForce).map(subjectOf),
    };
  }

  @Get()
  async list(@Param('environment') environment: string): Promise<DefinitionView[]> {
    const order = (definition: Definition) => definitionKinds.indexOf(kindOf(definition) ?? 'model');
    const definitions = await definitionsInForce(this.log, this.topicOf(environment));
    return definitions.sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1)).flatMap(viewOf);
  }

  @Get(':kind/:name')
  async show(
    @Param('environment') environment: string,
    @Param('kind') kindName: string,
    @Param('name') name: string,
  ): Promise<DefinitionView> {
    const definitions = await definitionsInForce(this.log, this.topicOf(environment));
    const kind = definitionKind(kindName);
    const [view] = definitions.filter((each) => kindOf(each) === kind && each.name === name).flatMap(viewOf);
    if (view === undefined) throw missing(kind, name, definitions);
    return view;
  }

  /** `moola definitions delete`: what is defined is so no longer; the processors forget it in the order of the records. */
  @Delete(':kind/:name')
  async delete(
    @Param('environment') environment: string,
    @Param('kind') kindName: string,
    @Param('name') name: string,
    @Caller() caller: Subject,
  ): Promise<DefinitionsDeleted> {
    const at = this.topicOf(environment);
    const definitions = await definitionsInForce(this.log, at);
    const kind = definitionKind(kindName);
    const gone = goneWith(kind, name, definitions);
    if (gone.length === 0) throw missing(kind, name, definitions);
    const deletions = gone.map((each) => deletionOf(kindOf(each) ?? kind, each.name));
    await this.write(at, deletions, actorOf(caller, undefined));
    const kept = kind === 'model' ? routesOf(name, definitions) : [];
    return { deleted: gone.map(subjectOf), kept: kept.map(subjectOf) };
  }

  private topicOf(environment: string): TopicPartition {
    this.environments.get(environment);
    return { topic: topicName(environment, topics.definitions), partition: 0 };
  }

  private async write(at: TopicPartition, definitions: readonly Definition[], author: Actor): Promise<void> {
    const { name, authenticated: authorAuthenticated } = author;
    const signed = definitions.map((definition) => ({ ...definition, author: name, authorAuthenticated }));
    // One record each: a definition's version is its offset.
    const records = signed.flatMap((value) => externalBatch(topics.definitions, [{ kind: 'data', value }]));
    await this.log.append(at, records, 'request');
    await this.log.flushed();
  }
}

const subjectOf = (definition: Definition): string => `${kindOf(definition) ?? 'unknown'} ${definition.name}`;

function viewOf(definition: Definition): DefinitionView[] {
  const kind = kindOf(definition);
  const { name, version, author, authorAuthenticated } = definition;
  const yaml = definitionYaml(definition);
  return kind === undefined ? [] : [{ kind, name, version, author, authorAuthenticated, yaml }];
}

/** Files write `Model`, answers `model`. */
function definitionKind(name: string): DefinitionKind {
  const kind = definitionKinds.find((each) => each === name.toLowerCase());
  if (kind !== undefined) return kind;
  throw new NotFoundException(`"${name}" is no kind of definition: there are ${definitionKinds.join(', ')}`);
}

function missing(kind: DefinitionKind, name: string, definitions: readonly Definition[]): NotFoundException {
  const names = definitions.filter((each) => kindOf(each) === kind).map((each) => each.name);
  const meant = nearest(name, names);
  const hint =
    meant !== null ? `did you mean ${meant}?` : names.length === 0 ? 'none is applied' : names.slice(0, 20).join(', ');
  return new NotFoundException(`no ${kind} "${name}" is in force (${hint})`);
}
