import { isDeepStrictEqual } from 'node:util';
import {
  PartitionCountError,
  UnknownTopicError,
  type TopicPartition,
  type TopicSettings,
} from '../../ports/event-log.js';
import type { CommitQueue } from './commit-queue.js';
import type { Environment, Tree } from './environment.js';
import { PartitionLog } from './partition-log.js';

/** A topic with its partitions open. */
export interface OpenTopic {
  readonly settings: TopicSettings;
  readonly partitions: readonly PartitionLog[];
}

/** Which topics there are. A topic is an entry of a tree, each of its partitions a tree of its own. */
export class TopicCatalog {
  private readonly topics = new Map<string, OpenTopic>();
  private readonly entries: Tree;

  constructor(
    private readonly environment: Environment,
    private readonly queue: CommitQueue,
  ) {
    this.entries = environment.tree('topics');
    for (const { value } of this.entries.getRange({ start: Buffer.from([0]) })) {
      this.open(JSON.parse(value.toString('utf8')) as TopicSettings);
    }
  }

  all(): Iterable<OpenTopic> {
    return this.topics.values();
  }

  /** @throws {UnknownTopicError} */
  topic(name: string): OpenTopic {
    const topic = this.topics.get(name);
    if (!topic) throw new UnknownTopicError(name);
    return topic;
  }

  /** @throws {UnknownTopicError} {@link RangeError} for a partition that the topic does not have. */
  partition({ topic, partition }: TopicPartition): PartitionLog {
    const { partitions } = this.topic(topic);
    const found = partitions[partition];
    if (!found) throw new RangeError(`topic ${topic} has ${partitions.length} partitions, so there is no ${partition}`);
    return found;
  }

  /** Makes what is missing, and takes over the retention of what exists. All counts are checked before anything is made. */
  async create(wanted: readonly TopicSettings[]): Promise<void> {
    for (const { name, partitions } of wanted) {
      if (!Number.isInteger(partitions) || partitions < 1) {
        throw new RangeError(`topic ${name}: partitions is ${partitions}, it must be 1 or more`);
      }
      const existing = this.topics.get(name)?.partitions.length ?? partitions;
      if (existing !== partitions) throw new PartitionCountError(name, existing, partitions);
    }
    const changed = wanted.filter((settings) => !isDeepStrictEqual(this.topics.get(settings.name)?.settings, settings));
    if (changed.length === 0) return;
    await this.queue.submit({
      origin: 'housekeeping', // A shorter retention must get through on a full disk.
      bytes: changed.length * 256,
      plan: (commit) => {
        for (const settings of changed) {
          commit.issued(this.entries.put(Buffer.from(settings.name), Buffer.from(JSON.stringify(settings))));
        }
      },
    });
    await this.queue.alone(() => changed.forEach((settings) => this.open(settings)));
  }

  private open(settings: TopicSettings): void {
    const partitions =
      this.topics.get(settings.name)?.partitions ??
      Array.from({ length: settings.partitions }, (_, partition) => {
        const tree = this.environment.tree(`log/${settings.name}/${partition}`);
        return new PartitionLog({ topic: settings.name, partition }, tree);
      });
    this.topics.set(settings.name, { settings, partitions });
  }
}
