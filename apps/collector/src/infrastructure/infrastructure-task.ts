import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { decodeBatch, externalBatch } from '@moola/streams/processor/batch-codec';
import type { StreamEnvironment } from '@moola/streams/nest/stream-handlers';
import type { Assignment, RecordBatch, TopicPartition } from '@moola/streams/ports/event-log';
import type { PartitionTask, TaskDependencies } from '@moola/streams/task/run-group';
import type { TaskStanding } from '@moola/streams/task/task-standing';
import { kindOf } from '@moola/contracts/definitions/in-force';
import type { IngestService } from '../receive/ingest-service.js';
import { Asker, type AskerDependencies } from './asker.js';
import { askingOf, type Asking } from './ask-once.js';
import type { InfrastructureOptions } from './infrastructure-options.js';
import { Places } from './places.js';
import { serverId } from './prometheus-servers.js';

export interface InfrastructureTaskSettings extends TaskDependencies {
  readonly id: string;
  readonly input: TopicPartition;
  readonly environment: StreamEnvironment;
  readonly options: InfrastructureOptions;
  readonly ingest: IngestService;
  readonly random: () => number;
}

const defaultTimeoutMs = 10_000;
/** So many definitions ask one server at a time: one that hangs holds up none that ask another. */
const mostAtATime = 8;

/**
 * The owner of the partition of `definitions` asks for every definition of kind Infrastructure. It keeps no checkpoint: what is
 * in force stands in the log, which it reads from the beginning, and what an owner before it asked for has the same ids.
 */
export class InfrastructureTask implements PartitionTask {
  private readonly inForce = new Map<string, Asking>();
  private readonly askers = new Map<string, Asker>();
  /** By `serverId`. */
  private readonly places = new Map<string, Places>();
  private position: number | null = null;
  private asksFrom = 0;
  private assignment: Assignment | null = null;

  constructor(private readonly settings: InfrastructureTaskSettings) {}

  async assigned(assignment: Assignment): Promise<number> {
    await this.stopAll();
    this.inForce.clear();
    const { input, environment, catchingUp, id } = this.settings;
    const { first, next } = await environment.log.bounds(input);
    this.assignment = assignment;
    this.position = first;
    this.asksFrom = next;
    catchingUp.assigned(id, first, next);
    return first;
  }

  async batch({ records }: RecordBatch): Promise<void> {
    for (const { offset, value } of records) {
      for (const definition of definitionsIn(value)) this.take(definition, offset);
      this.position = offset + 1;
    }
    const { position } = this;
    if (position === null) return;
    this.settings.catchingUp.reached(this.settings.id, position);
    this.assignment?.commit(position);
    // Before, what it has read may have been replaced or deleted since.
    if (position >= this.asksFrom) await this.reconcile();
  }

  async revoked(): Promise<void> {
    await this.stopAll();
    this.position = null;
    this.settings.catchingUp.revoked(this.settings.id);
  }

  ended(): void {
    void this.stopAll();
  }

  standing(): TaskStanding {
    const { id: task, input } = this.settings;
    return { task, input, position: this.position, timeMs: null, unsavedSinceMs: null, waiting: null };
  }

  private take(definition: Definition, version: number): void {
    if (kindOf(definition) !== 'infrastructure') return;
    const asking = askingOf({ ...definition, version });
    if (asking === null) this.inForce.delete(definition.name);
    else this.inForce.set(definition.name, asking);
  }

  private async reconcile(): Promise<void> {
    for (const [name, asker] of this.askers) {
      if (this.inForce.get(name)?.version === asker.asking.version) continue;
      this.askers.delete(name);
      await asker.stop();
    }
    for (const [name, asking] of this.inForce) {
      if (!this.askers.has(name)) this.askers.set(name, new Asker(asking, this.dependencies(asking)));
    }
  }

  private placesAt(server: string): Places {
    const id = serverId(server);
    const places = this.places.get(id) ?? new Places(mostAtATime);
    this.places.set(id, places);
    return places;
  }

  private dependencies({ definition }: Asking): AskerDependencies {
    const { environment, options, ingest, random } = this.settings;
    const { log, clock, environment: name } = environment;
    const { servers, metrics, timeoutMs = defaultTimeoutMs } = options;
    return {
      ...{ environment: name, clock, random, servers, ingest, metrics, timeoutMs },
      places: this.placesAt(definition.server),
      async publish(state) {
        const at = { topic: topicName(name, topics.signals), partition: 0 };
        await log.append(at, externalBatch(topics.signals, [{ kind: 'data', value: state }]), 'request');
      },
    };
  }

  private async stopAll(): Promise<void> {
    const askers = [...this.askers.values()];
    this.askers.clear();
    await Promise.all(askers.map((asker) => asker.stop()));
  }
}

/** A record that cannot be read is no definition: `collector/define` says so. */
function definitionsIn(value: Uint8Array): readonly Definition[] {
  try {
    const { data, definitions } = decodeBatch(value, topics.definitions.codec);
    return [...data, ...definitions];
  } catch {
    return [];
  }
}
