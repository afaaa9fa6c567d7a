import { Controller, Inject } from '@nestjs/common';
import { topicName, topics } from '@moola/contracts/topics';
import { StreamEffect, type EffectStart } from '@moola/streams/nest/stream-handlers';
import { groupName, runGroup, taskId } from '@moola/streams/task/run-group';
import { collectorOptions, type CollectorOptions } from '../collector-options.js';
import { IngestService } from '../receive/ingest-service.js';
import { InfrastructureTask } from './infrastructure-task.js';

const name = 'collector/infrastructure';

@Controller()
export class InfrastructureController {
  constructor(@Inject(collectorOptions) private readonly options: CollectorOptions) {}

  /** Asks the Prometheus servers that `definitions` names; the answers go into `intake` as events do. */
  @StreamEffect()
  ask(): EffectStart {
    return async (environment) => {
      const { log, environment: environmentName } = environment;
      const { infrastructure: options, key, anonymisation } = this.options;
      const topic = topicName(environmentName, topics.definitions);
      // A replay asks nobody: its instances are those of its log.
      if (options === undefined || environment.time !== 'wall') return nobody;
      const ingest = await IngestService.open({
        ...{ log, environment: environmentName, key, origin: 'infrastructure' },
        ...(anonymisation && { anonymisation }),
      });
      return runGroup(log, groupName(environmentName, name), topic, (partition, dependencies) => {
        const id = taskId(environmentName, name, partition);
        const settings = { id, input: { topic, partition }, environment, options, ingest };
        return new InfrastructureTask({ ...settings, random: Math.random, ...dependencies });
      });
    };
  }
}

/** Tasks of a process that asks nobody. */
const nobody: Awaited<ReturnType<EffectStart>> = {
  close: () => Promise.resolve(),
  failed: new Promise(() => undefined),
  behind: () => [],
  standings: () => [],
  joining: () => null,
};
