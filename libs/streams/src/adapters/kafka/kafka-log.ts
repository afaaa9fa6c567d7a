import type {
  AppendOrigin,
  EventLog,
  GroupMember,
  PartitionBounds,
  RecordBatch,
  Subscription,
  TopicPartition,
  TopicSettings,
} from '../../ports/event-log.js';
import { Appender } from './append/appender.js';
import type { Cluster } from './connection/cluster.js';
import { GroupSubscription } from './group/group-subscription.js';
import { BoundsQuery } from './read/partition-bounds.js';
import { Reader } from './read/reader.js';
import { checkTopics } from './topics/check-topics.js';
import { createTopics } from './topics/create-topics.js';

/** The log on Apache Kafka. */
export class KafkaLog implements EventLog {
  private readonly appender: Appender;
  private readonly boundsQuery: BoundsQuery;
  private readonly reader: Reader;
  private readonly subscriptions = new Set<GroupSubscription>();

  constructor(private readonly cluster: Cluster) {
    this.appender = new Appender(cluster);
    this.boundsQuery = new BoundsQuery(cluster);
    this.reader = new Reader(cluster, (at) => this.bounds(at));
  }

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return createTopics(this.cluster, topics);
  }

  /**
   * For the start of a service.
   * @returns a sentence for each thing that is missing or different from these settings, with what to do; none when all is well.
   */
  checkTopics(topics: readonly TopicSettings[]): Promise<string[]> {
    return checkTopics(this.cluster, topics);
  }

  /**
   * For readiness: asks the brokers for the topics in use, once.
   * @returns what cannot be read or written at the moment; `null` when all is well.
   * @throws when no broker answers
   */
  check(): Promise<string | null> {
    return this.cluster.check();
  }

  partitionCount(topic: string): Promise<number> {
    return this.cluster.partitionCount(topic);
  }

  bounds(at: TopicPartition): Promise<PartitionBounds> {
    return this.boundsQuery.of(at);
  }

  /**
   * @throws {LogUnavailableError} to a request, without acknowledgement in time.
   * @throws {RecordTooLargeError}
   * @throws {AppendInDoubtError} when the brokers forgot this producer while an answer was missing.
   */
  async append(at: TopicPartition, values: readonly Uint8Array[], origin: AppendOrigin = 'inside'): Promise<number> {
    if (values.length === 0) return (await this.bounds(at)).next;
    return this.appender.append(at, values, origin === 'person' ? 'request' : origin);
  }

  /** What the log acknowledged is on every replica in sync already. */
  flushed(): Promise<void> {
    return Promise.resolve();
  }

  read(at: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    return this.reader.read(at, from, maxBytes);
  }

  waitFor(at: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return this.reader.waitFor(at, offset, signal);
  }

  async join(group: string, topic: string, member: GroupMember): Promise<Subscription> {
    await this.cluster.partitionCount(topic);
    const subscription = new GroupSubscription(this.cluster, group, topic, member, (at) => this.bounds(at));
    this.subscriptions.add(subscription);
    return subscription;
  }

  /** Leaves every group, and waits a few seconds for what is still to be acknowledged. */
  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.appender.close();
    this.reader.close();
    this.cluster.close();
  }
}
