import { setImmediate } from 'node:timers/promises';
import {
  PartitionCountError,
  UnknownTopicError,
  type EventLog,
  type GroupMember,
  type PartitionBounds,
  type RecordBatch,
  type Subscription,
  type TopicPartition,
  type TopicSettings,
} from '../../ports/event-log.js';
import { Group } from '../one-process/group.js';
import { MemoryPartition } from './memory-partition.js';

interface MemoryTopic {
  readonly settings: TopicSettings;
  readonly partitions: readonly MemoryPartition[];
  readonly groups: Map<string, Group>;
}

/** About how many bytes of records a group's member is handed at once. */
const batchBytes = 1024 * 1024;
/** So long appends are answered without a break; then the process sees to what else there is: timers, signals, sockets. */
const turnMs = 20;

/**
 * The log of one process in its memory, for what is thrown away with the process: a replay. Nothing of it survives, so
 * nothing is flushed, and an append is acknowledged at once.
 */
export class MemoryLog implements EventLog {
  private readonly topics = new Map<string, MemoryTopic>();
  private turnBeganMs = Date.now();

  async createTopics(topics: readonly TopicSettings[]): Promise<void> {
    for (const { name, partitions } of topics) {
      const existing = this.topics.get(name)?.settings.partitions ?? partitions;
      if (existing !== partitions) throw new PartitionCountError(name, existing, partitions);
    }
    for (const settings of topics) {
      const { name } = settings;
      const existing = this.topics.get(name);
      const partitions =
        existing?.partitions ??
        Array.from({ length: settings.partitions }, (_, partition) => new MemoryPartition({ topic: name, partition }));
      this.topics.set(name, { settings, partitions, groups: existing?.groups ?? new Map<string, Group>() });
    }
  }

  async partitionCount(topic: string): Promise<number> {
    return this.topic(topic).partitions.length;
  }

  async bounds(at: TopicPartition): Promise<PartitionBounds> {
    return this.partition(at).bounds;
  }

  async append(at: TopicPartition, values: readonly Uint8Array[]): Promise<number> {
    const nowMs = Date.now();
    const offset = this.partition(at).append(values, nowMs);
    if (nowMs - this.turnBeganMs > turnMs) {
      await setImmediate();
      this.turnBeganMs = Date.now();
    }
    return offset;
  }

  async flushed(): Promise<void> {
    await Promise.resolve();
  }

  async read(at: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    return { ...at, records: this.partition(at).read(from, maxBytes) };
  }

  async waitFor(at: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return this.partition(at).waitFor(offset, signal);
  }

  async join(group: string, topic: string, member: GroupMember): Promise<Subscription> {
    const { partitions, groups } = this.topic(topic);
    const joined = groups.get(group) ?? new Group(this, topic, partitions.length, batchBytes);
    groups.set(group, joined);
    return joined.join(member);
  }

  /**
   * Removes the records of a partition before an offset: whoever calls it says that nobody will ask for them who is in no
   * group. What some group of the topic has not committed stays, since its tasks may go back to it.
   */
  dropBefore(at: TopicPartition, offset: number): void {
    const committed = [...this.topic(at.topic).groups.values()].map((group) => group.committed(at.partition));
    this.partition(at).dropBefore(Math.min(offset, ...committed));
  }

  /** Removes what has outlived its topic's retention. */
  enforceRetention(): void {
    for (const { settings, partitions } of this.topics.values())
      for (const partition of partitions) partition.enforceRetention(settings, Date.now());
  }

  /** Ends all memberships, with `revoked` for what they hold. */
  async close(): Promise<void> {
    const groups = [...this.topics.values()].flatMap((topic) => [...topic.groups.values()]);
    await Promise.all(groups.map((group) => group.close()));
  }

  private topic(name: string): MemoryTopic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw new UnknownTopicError(name);
    return topic;
  }

  private partition({ topic, partition }: TopicPartition): MemoryPartition {
    const { partitions } = this.topic(topic);
    const found = partitions[partition];
    if (found === undefined)
      throw new RangeError(`topic ${topic} has ${partitions.length} partitions, so there is no ${partition}`);
    return found;
  }
}
