import {
  OffsetOutOfRangeError,
  PartitionCountError,
  UnknownTopicError,
  type EventLog,
  type GroupMember,
  type LogRecord,
  type PartitionBounds,
  type RecordBatch,
  type Subscription,
  type TopicPartition,
  type TopicSettings,
} from '../../ports/event-log.js';
import { SimulatedGroups } from './simulated-groups.js';
import type { Process, Simulation } from './simulation.js';

type Retention = Pick<TopicSettings, 'retentionMs' | 'retentionBytes'>;

const emptyPartition = () => ({ first: 0, records: [], lost: [], arrivals: new Set<() => void>() });

const keepsAll: Retention = { retentionMs: null, retentionBytes: null };

interface Partition {
  readonly retention: Retention;
  first: number;
  readonly records: LogRecord[];
  /** What was acknowledged and lost, and where it would have stood. */
  readonly lost: LogRecord[];
  readonly arrivals: Set<() => void>;
}

/** The log of a simulation: what all its processes see. */
export class SimulatedLog {
  private readonly topics = new Map<string, Partition[]>();
  readonly groups: SimulatedGroups;
  private appended = 0;

  constructor(private readonly simulation: Simulation) {
    this.groups = new SimulatedGroups(simulation, this);
  }

  createTopic(name: string, partitions: number, retention: Retention = keepsAll): void {
    const existing = this.topics.get(name);
    if (existing && existing.length !== partitions) throw new PartitionCountError(name, existing.length, partitions);
    if (existing) return;
    this.topics.set(
      name,
      Array.from({ length: partitions }, () => ({ ...emptyPartition(), retention })),
    );
  }

  partitions(topic: string): number {
    const partitions = this.topics.get(topic);
    if (partitions === undefined) throw new UnknownTopicError(topic);
    return partitions.length;
  }

  /** As Kafka holds the end of a foreign transaction: an offset without content. */
  appendVoid(at: TopicPartition): void {
    const offset = this.append(at, [new Uint8Array()]);
    const { records, first } = this.partition(at);
    records[offset - first] = { ...(records[offset - first] as LogRecord), isVoid: true };
  }

  /** Appends at once, without any fault. */
  append(at: TopicPartition, values: readonly Uint8Array[]): number {
    const partition = this.partition(at);
    const first = partition.first + partition.records.length;
    // Copied: a writer that changes its bytes later must not change the log.
    values.forEach((value, i) =>
      partition.records.push({ offset: first + i, appendedAtMs: ++this.appended, value: value.slice() }),
    );
    for (const arrived of [...partition.arrivals]) arrived();
    this.groups.offer(at);
    return first;
  }

  /** Acknowledges an append, and forgets it. */
  lose(at: TopicPartition, values: readonly Uint8Array[]): number {
    const partition = this.partition(at);
    const { next: offset } = this.bounds(at);
    partition.lost.push(...values.map((value) => ({ offset, appendedAtMs: this.appended, value: value.slice() })));
    return offset;
  }

  /** What was acknowledged and lost, with the offsets at which the next record stands. */
  lost(at: TopicPartition): readonly LogRecord[] {
    return this.partition(at).lost;
  }

  /** Deletes a topic and makes it anew: its offsets begin at 0 again. */
  makeAnew(topic: string): void {
    const partitions = this.partitions(topic);
    this.topics.delete(topic);
    this.createTopic(topic, partitions);
  }

  /** Applies retention now. A record counts as a millisecond. */
  enforceRetention(): void {
    for (const [topic, partitions] of this.topics) {
      partitions.forEach(({ retention, records, first }, partition) => {
        const { retentionMs, retentionBytes } = retention;
        let bytes = records.reduce((sum, { value }) => sum + value.length, 0);
        let gone = 0;
        for (const { appendedAtMs, value } of records.slice(0, -1)) {
          const tooOld = retentionMs !== null && appendedAtMs < this.appended - retentionMs;
          const tooMuch = retentionBytes !== null && bytes > retentionBytes;
          if (!tooOld && !tooMuch) break;
          bytes -= value.length;
          gone++;
        }
        if (gone > 0) this.truncate({ topic, partition }, first + gone);
      });
    }
  }

  /** Removes the records before an offset, as retention does. */
  truncate(at: TopicPartition, first: number): void {
    const partition = this.partition(at);
    partition.records.splice(0, first - partition.first);
    partition.first = first;
  }

  bounds(at: TopicPartition): PartitionBounds {
    const { first, records } = this.partition(at);
    return { first, next: first + records.length };
  }

  records(at: TopicPartition, from = this.partition(at).first, atMost = Infinity): readonly LogRecord[] {
    const { first, records } = this.partition(at);
    if (from < first || from > first + records.length) throw new OffsetOutOfRangeError(at, from, this.bounds(at));
    return records.slice(from - first, from - first + atMost);
  }

  onArrival(at: TopicPartition, arrived: () => void): () => void {
    const { arrivals } = this.partition(at);
    arrivals.add(arrived);
    return () => arrivals.delete(arrived);
  }

  /** The log as one process reaches it, with its lost answers. */
  of(process: Process): EventLog {
    return new ProcessLog(this, this.simulation, process);
  }

  private partition(at: TopicPartition): Partition {
    const partitions = this.topics.get(at.topic);
    if (partitions === undefined) throw new UnknownTopicError(at.topic);
    const partition = partitions[at.partition];
    if (partition === undefined) throw new UnknownTopicError(`${at.topic}/${at.partition}`);
    return partition;
  }
}

class ProcessLog implements EventLog {
  constructor(
    private readonly shared: SimulatedLog,
    private readonly simulation: Simulation,
    private readonly process: Process,
  ) {}

  async createTopics(topics: readonly TopicSettings[]): Promise<void> {
    for (const { name, partitions, ...retention } of topics) this.shared.createTopic(name, partitions, retention);
  }

  async partitionCount(topic: string): Promise<number> {
    return this.shared.partitions(topic);
  }

  async bounds(at: TopicPartition): Promise<PartitionBounds> {
    return this.shared.bounds(at);
  }

  async append(at: TopicPartition, values: readonly Uint8Array[]): Promise<number> {
    const { simulation, shared } = this;
    const { counts, faults, random } = simulation;
    const applyLater = (): void => {
      simulation.add({
        process: null,
        kind: 'late',
        run: () => {
          counts.lateAppends++;
          shared.append(at, values);
        },
      });
    };
    await simulation.answer(this.process, () => {
      if (random.chance(0.5)) applyLater();
    });
    if (simulation.fault(faults.recordLost)) {
      counts.recordsLost += values.length;
      return shared.lose(at, values);
    }
    if (!simulation.fault(faults.appendLost)) return shared.append(at, values);
    const fate = random.below(3);
    if (fate === 0) {
      counts.appendsLostApplied++;
      shared.append(at, values);
    } else if (fate === 1) {
      counts.appendsLostNotApplied++;
    } else {
      applyLater();
    }
    throw new Error('the answer of an append was lost');
  }

  async flushed(): Promise<void> {
    await this.simulation.answer(this.process);
  }

  async read(at: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    await this.simulation.answer(this.process);
    const held = this.shared.records(at, from);
    let bytes = 0;
    const end = held.findIndex(({ value }) => (bytes += value.length) > maxBytes);
    return { ...at, records: end < 0 ? held : held.slice(0, Math.max(1, end)) };
  }

  waitFor(at: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!signal.aborted && this.shared.bounds(at).next <= offset) return;
        stop();
        signal.removeEventListener('abort', check);
        resolve();
      };
      const stop = this.shared.onArrival(at, check);
      signal.addEventListener('abort', check, { once: true });
      check();
    });
  }

  async join(group: string, topic: string, member: GroupMember): Promise<Subscription> {
    return this.shared.groups.join(this.process, group, topic, member);
  }

  async close(): Promise<void> {
    await this.simulation.answer(this.process);
  }
}
