import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topicName, topics } from '@moola/contracts/topics';
import type { EventLog } from '@moola/streams/ports/event-log';
import { definitionsInForce } from '../commands/definitions-in-force.js';
import type { InfrastructureFold } from '../read-model/infrastructure-fold.js';
import type { InfrastructureView } from '../read-model/subject-views.js';
import { Environments } from './environments.js';
import { infrastructureQuery } from './subject-query.js';

/** What Prometheus servers are asked for, and how that goes. */
@Controller('api/v1/environments/:environment/infrastructure')
export class AskedInfrastructureController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject('EventLog') private readonly log: EventLog,
  ) {}

  @Get()
  async list(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
  ): Promise<InfrastructureView[]> {
    const { infrastructure } = this.environments.get(environment);
    const { model } = infrastructureQuery(parameters);
    const definitions = await definitionsInForce(this.log, {
      ...{ topic: topicName(environment, topics.definitions), partition: 0 },
    });
    return definitions
      .flatMap((definition) => viewOf(definition, infrastructure))
      .filter((view) => model === undefined || view.model === model)
      .sort((a, b) => (a.definition < b.definition ? -1 : 1));
  }
}

function viewOf({ name: definition, version, kind }: Definition, fold: InfrastructureFold): InfrastructureView[] {
  if (kind.case !== 'infrastructure') return [];
  const { model, server, intervalMs } = kind.value;
  const state = fold.of(definition, version);
  return [
    {
      ...{ definition, model, server, intervalMs },
      askedMs: state?.askedMs ?? null,
      answeredMs: state?.answeredMs ?? null,
      instances: state?.instances ?? 0,
      valuesDropped: state?.valuesDropped ?? 0,
      problems: state?.problems ?? [],
    },
  ];
}
