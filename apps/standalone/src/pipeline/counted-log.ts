import type {
  AppendOrigin,
  EventLog,
  GroupMember,
  PartitionBounds,
  RecordBatch,
  Subscription,
  TopicPartition,
  TopicSettings,
} from '@moola/streams/ports/event-log';

/** Counts what is appended to each topic through it. */
export class CountedLog implements EventLog {
  private readonly appended = new Map<string, { records: number; bytes: number }>();

  constructor(private readonly log: EventLog) {}

  recordsOf(topic: string): number {
    return this.appended.get(topic)?.records ?? 0;
  }

  bytesOf(topic: string): number {
    return this.appended.get(topic)?.bytes ?? 0;
  }

  append(at: TopicPartition, values: readonly Uint8Array[], origin?: AppendOrigin): Promise<number> {
    const sum = this.appended.get(at.topic) ?? { records: 0, bytes: 0 };
    sum.records += values.length;
    for (const value of values) sum.bytes += value.length;
    this.appended.set(at.topic, sum);
    return this.log.append(at, values, origin);
  }

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return this.log.createTopics(topics);
  }

  partitionCount(topic: string): Promise<number> {
    return this.log.partitionCount(topic);
  }

  bounds(at: TopicPartition): Promise<PartitionBounds> {
    return this.log.bounds(at);
  }

  flushed(): Promise<void> {
    return this.log.flushed();
  }

  read(at: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    return this.log.read(at, from, maxBytes);
  }

  waitFor(at: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return this.log.waitFor(at, offset, signal);
  }

  join(group: string, topic: string, member: GroupMember): Promise<Subscription> {
    return this.log.join(group, topic, member);
  }

  close(): Promise<void> {
    return this.log.close();
  }
}
