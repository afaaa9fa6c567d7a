import {
  DiskFullError,
  type AppendOrigin,
  type EventLog,
  type GroupMember,
  type PartitionBounds,
  type RecordBatch,
  type Subscription,
  type TopicPartition,
  type TopicSettings,
} from '../../ports/event-log.js';
import type { CommitQueue } from './commit-queue.js';
import type { FreeSpace } from './free-space.js';
import { Group } from '../one-process/group.js';
import type { TopicCatalog } from './topic-catalog.js';

/** The log in an LMDB environment. All members of a group are in this process. */
export class EmbeddedLog implements EventLog {
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly catalog: TopicCatalog,
    private readonly queue: CommitQueue,
    private readonly space: FreeSpace,
    private readonly flush: () => Promise<void>,
    private readonly batchBytes: number,
  ) {}

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return this.catalog.create(topics);
  }

  async partitionCount(topic: string): Promise<number> {
    return this.catalog.topic(topic).partitions.length;
  }

  async bounds(partition: TopicPartition): Promise<PartitionBounds> {
    return this.catalog.partition(partition).bounds;
  }

  async append(
    partition: TopicPartition,
    values: readonly Uint8Array[],
    origin: AppendOrigin = 'inside',
  ): Promise<number> {
    const log = this.catalog.partition(partition);
    if (values.length === 0) return log.bounds.next;
    if (origin === 'request' && !(await this.space.suffices())) throw new DiskFullError(this.space.folder);
    const bytes = values.reduce((sum, value) => sum + value.length, 0);
    const append = log.enter(values, origin);
    const refusable = origin === 'inside' ? 'inside' : 'request';
    try {
      return await this.queue.submit({ origin: refusable, bytes, plan: (commit) => log.append(append, commit) });
    } catch (error) {
      log.withdraw(append);
      throw error;
    }
  }

  async flushed(): Promise<void> {
    await this.queue.settled(); // What readers have seen may not be committed yet.
    return this.flush();
  }

  async read(partition: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    return { ...partition, records: this.catalog.partition(partition).read(from, maxBytes) };
  }

  async waitFor(partition: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return this.catalog.partition(partition).waitFor(offset, signal);
  }

  async join(group: string, topic: string, member: GroupMember): Promise<Subscription> {
    const partitions = this.catalog.topic(topic).partitions.length;
    const key = JSON.stringify([group, topic]);
    const joined = this.groups.get(key) ?? new Group(this, topic, partitions, this.batchBytes);
    this.groups.set(key, joined);
    return joined.join(member);
  }

  /** Ends all memberships, with `revoked` for what they hold. */
  async close(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.close()));
  }
}
