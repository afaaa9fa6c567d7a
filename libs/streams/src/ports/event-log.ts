/**
 * The log that processors read and write: topics of partitions, each an ordered, durable sequence of records.
 * Four adapters implement it (simulated, memory, embedded, Kafka); `event-log.contract.ts` holds all of them to one suite.
 */

/** One partition of one topic. */
export interface TopicPartition {
  /** Full topic name, such as `moola.live.intake.v1`. */
  readonly topic: string;
  /** Zero-based. */
  readonly partition: number;
}

/** A record as the log holds it. */
export interface LogRecord {
  /** Position in its partition: zero-based, one more than its predecessor's. */
  readonly offset: number;
  /**
   * When the log appended it, in milliseconds since the epoch. It stands in the log, so it is the same at every reading; it
   * decides only where no time of our own is to be had: of foreign records, and of ticks too far ahead.
   */
  readonly appendedAtMs: number;
  readonly value: Uint8Array;
  /**
   * It takes an offset and says nothing: the mark at the end of a foreign producer's transaction, or a record of one that
   * was aborted. Its value is empty. A record that was written without a value (a tombstone) is not void.
   */
  readonly isVoid?: true;
  /** Of foreign producers, values as UTF-8. Records that this system writes carry none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A run of records of one partition, without gaps. */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
}

/** What a partition still holds: `[first, next)`. `next` is the offset that the next append gets. */
export interface PartitionBounds {
  readonly first: number;
  readonly next: number;
}

/** A partition that a member holds. */
export interface Assignment {
  /**
   * The member has dropped its memory (it was fenced, or an answer never came). The log hands over no further batch, and
   * calls `assigned` once more, without `revoked`, when it knows that the membership still stands (Kafka: after a
   * heartbeat that succeeded since this call). May be called at any time, inside `batch` too.
   */
  again(): void;
  /**
   * How far the checkpoint is: the offset after the last record that it reflects. It shows the group's lag, and keeps effects
   * from being repeated when the store is lost; nothing else rests on it, so it is not awaited. The latest counts.
   */
  commit(position: number): void;
  /** The last position that a member of the group committed for this partition; `null` if the log knows of none. */
  committed(): Promise<number | null>;
}

/**
 * What a member of a group does with the partitions that it is given. Calls for one partition never overlap. When one of
 * them rejects, consumption ends: the subscription's `failed` rejects with that error.
 */
export interface GroupMember {
  /** The partition is ours from now on: load state, and say from which offset to read. */
  assigned(partition: TopicPartition, assignment: Assignment): Promise<number>;
  /** The next records, beginning exactly where the last batch ended. The log hands over no more until this resolves. */
  batch(batch: RecordBatch): Promise<void>;
  /** The partition is leaving us: finish or drop what is in hand, checkpoint, let go. */
  revoked(partition: TopicPartition): Promise<void>;
}

/** A running membership. */
export interface Subscription {
  /** Whether the group has said once which partitions are this member's; it may be none. */
  hasJoined(): boolean;
  /** Leaves the group after `revoked` has resolved for every partition held. */
  close(): Promise<void>;
  /** Resolves never, or rejects when consumption has ended for good: liveness must then fail. */
  readonly failed: Promise<never>;
}

export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  /**
   * It may have another number of partitions than asked for, and may get more while it is read: nothing finds a row by its
   * partition. @default its number of partitions is fixed when it is made
   */
  readonly mayGrow?: boolean;
  /** Records older than this may be removed. `null` keeps them for ever. */
  readonly retentionMs: number | null;
  /** A partition larger than this loses its oldest records. `null`: no bound. */
  readonly retentionBytes: number | null;
}

/**
 * Who appends. On behalf of a `request` (HTTP, a webhook), which can be answered with a refusal: it is refused first when
 * space runs out. What is `inside` (the default: outputs of tasks, results, ticks) finds reserved space, and waits for more
 * instead of failing. A `person`'s command finds the reserved space too, since an incident must be acknowledged on a full
 * disk as well, and is refused like a request when that is used up.
 */
export type AppendOrigin = 'request' | 'person' | 'inside';

export interface EventLog {
  /** Makes what is missing; a topic that exists with another partition count is an error that names both counts. */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** @throws {UnknownTopicError} */
  partitionCount(topic: string): Promise<number>;
  bounds(partition: TopicPartition): Promise<PartitionBounds>;
  /**
   * Appends in order and resolves with the first offset when the records are acknowledged: from then on every reader
   * sees them, and a crash of this process loses none of them. Readers of this process may see them before (the embedded
   * log shows what comes from inside at once): a crash then leaves what was written before, and nothing of what followed
   * from it. Whether they survive a power cut is `flushed()`'s promise.
   * The bytes must not change before that. Without values it resolves with the offset that the next append gets.
   * @throws {UnknownTopicError}
   * @throws {DiskFullError} to a request or a person.
   * @throws {LogUnavailableError} to a request or a person.
   */
  append(partition: TopicPartition, values: readonly Uint8Array[], origin?: AppendOrigin): Promise<number>;
  /** Resolves when all that was acknowledged or could be read before the call survives a power cut. */
  flushed(): Promise<void>;
  /**
   * Records from `from` on, at least one if there is one, about `maxBytes` at most; an empty batch at the end.
   * @throws {OffsetOutOfRangeError} when the log no longer, or not yet, holds `from`.
   */
  read(partition: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch>;
  /** Resolves when the partition holds `offset`, or when the signal aborts. */
  waitFor(partition: TopicPartition, offset: number, signal: AbortSignal): Promise<void>;
  /** Joins a group that shares the partitions of a topic: each partition has one owner at a time. */
  join(group: string, topic: string, member: GroupMember): Promise<Subscription>;
  close(): Promise<void>;
}

/** A consumer asked for records that the log does not hold. */
export class OffsetOutOfRangeError extends Error {
  override readonly name = 'OffsetOutOfRangeError';
  constructor(
    readonly at: TopicPartition,
    readonly asked: number,
    readonly bounds: PartitionBounds,
  ) {
    super(`${at.topic}/${at.partition} holds offsets ${bounds.first} to ${bounds.next - 1}, not ${asked}`);
  }
}

export class UnknownTopicError extends Error {
  override readonly name = 'UnknownTopicError';
  constructor(readonly topic: string) {
    super(`there is no topic ${topic}`);
  }
}

/** A topic exists with another number of partitions than was asked for; changing it is a migration. */
export class PartitionCountError extends Error {
  override readonly name = 'PartitionCountError';
  constructor(
    readonly topic: string,
    readonly existing: number,
    readonly asked: number,
  ) {
    super(`topic ${topic} has ${existing} partitions, not ${asked}: a partition count is fixed when a topic is made`);
  }
}

/** No room for more records. Reads go on, and appends work again when there is space. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  constructor(readonly where: string) {
    super(`no space left for ${where}: free disk space; reads go on meanwhile`);
  }
}

/** The log did not acknowledge a request's append in time, or too much waits already. It may still be appended. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
  constructor(at: TopicPartition, why: string) {
    super(`${at.topic}/${at.partition} cannot be written at the moment: ${why}; send it again later`);
  }
}
