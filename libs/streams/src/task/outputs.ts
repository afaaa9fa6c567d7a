import type { RowCodec, Topic } from '@moola/contracts/topic';
import { encodeBatches, lastPosition, RowColumns, type RecordLimits } from '../processor/batch-codec.js';
import type { TopicPartition } from '../ports/event-log.js';
import type { PoisonOfRow } from './poisoned-rows.js';
import type { AnyTopic, Emitter, RowSource, StreamRow } from '../processor/processor.js';
import { decodePosition, encodePosition, type SourcePosition } from '../processor/source-position.js';

/** A topic that a task may emit to. */
export interface OutputTopic {
  /** Short name, as in `AnyTopic`. */
  readonly name: string;
  readonly logName: string;
  readonly partitions: number;
}

const sentPrefix = '~sent/';

const nonePoisoned: PoisonOfRow = new Map();

/** Rows that wait for one target partition. */
class PartitionBuffer {
  rows = new RowColumns<unknown>();
  /** Rows before them, each a record. */
  full: RowColumns<unknown>[] = [];
  codec: RowCodec<unknown> | null = null;
  /** Whether it got rows since the last checkpoint. */
  changed = false;
  constructor(
    readonly at: TopicPartition,
    /** Of the checkpoint entry that keeps `sent`. */
    readonly key: string,
    /** The last position that was handed over for this partition; each record names the one before it. */
    public sent: SourcePosition | null,
  ) {}
}

/**
 * A task's emitter. It stamps each row with the task's tick and with its position: the offset of the input record that
 * is being applied, and a count over all rows which that record gives, to whichever partition.
 */
export class Outputs implements Emitter {
  private readonly buffers = new Map<string, PartitionBuffer[]>();
  /** At least as many rows as wait in the longest buffer. */
  private waiting = 0;
  private offset = -1;
  private ordinal = 0;
  private row: StreamRow<unknown> | null = null;
  private tickMs = 0;
  private appliedRows = 0;
  private poisoned = nonePoisoned;
  private writeDeadLetter: (row: StreamRow<unknown>, reason: string) => void = () => undefined;

  /** @param entries of the checkpoint that the task goes on from */
  constructor(
    private readonly source: RowSource,
    topics: readonly OutputTopic[],
    private readonly limits: RecordLimits,
    entries: ReadonlyMap<string, Uint8Array>,
  ) {
    for (const { name, logName, partitions } of topics) {
      const buffers = Array.from({ length: partitions }, (_, partition) => {
        const key = `${sentPrefix}${name}/${partition}`;
        const sent = entries.get(key);
        return new PartitionBuffer({ topic: logName, partition }, key, sent ? decodePosition(key, sent) : null);
      });
      this.buffers.set(name, buffers);
    }
  }

  /** The rows that follow are caused by the record at `offset`, which has given `ordinal` rows before. */
  beginRecord(offset: number, ordinal: number): void {
    this.offset = offset;
    this.ordinal = ordinal;
  }

  /** How many rows the present record has given so far. */
  get nextOrdinal(): number {
    return this.ordinal;
  }

  /**
   * An input row comes next.
   * @param poisoned which of the rows that it makes a processor apply are to be skipped: 0 is the row itself, 1 the
   *   first of the rows that a wrapper held back until now.
   */
  beginRow(poisoned: PoisonOfRow | null): void {
    this.appliedRows = 0;
    this.poisoned = poisoned ?? nonePoisoned;
  }

  /** What is done with rows that are skipped. */
  onPoisoned(writeDeadLetter: (row: StreamRow<unknown>, reason: string) => void): void {
    this.writeDeadLetter = writeDeadLetter;
  }

  applying(row: StreamRow<unknown>): boolean {
    this.row = row;
    this.tickMs = row.tickMs;
    const poison = this.poisoned.get(this.appliedRows++);
    if (poison === undefined) return true;
    const first = this.ordinal;
    this.writeDeadLetter(row, poison.reason);
    // What it gave may have been seen: later rows of the record keep their places behind it, or they would be dropped.
    this.ordinal = Math.max(this.ordinal, first + poison.outputs);
    return false;
  }

  /** Which row is being applied, counted as in `beginRow`. */
  get applyingIndex(): number {
    return this.appliedRows - 1;
  }

  emit<T>(topic: Topic<T>, partition: number | 'same', value: T): void {
    const buffer = this.buffer(topic, partition);
    buffer.codec ??= topic.codec as RowCodec<unknown>;
    buffer.rows.packer ??= buffer.codec.packer?.() ?? null;
    buffer.rows.addData(this.offset, this.ordinal++, this.tickMs, value);
    this.added(buffer);
  }

  forward(topic: AnyTopic, partition: number | 'same' | 'all'): void {
    const row = this.row;
    if (row === null || row.kind === 'data') {
      throw new Error(
        `${this.source.processor} passes on a data row to ${topic.name}: only ticks and definitions can be`,
      );
    }
    const buffers = partition === 'all' ? this.buffersOf(topic) : [this.buffer(topic, partition)];
    for (const buffer of buffers) {
      if (row.kind === 'tick') buffer.rows.addTick(this.offset, this.ordinal++, this.tickMs);
      else buffer.rows.addDefinition(this.offset, this.ordinal++, this.tickMs, row.definition);
      this.added(buffer);
    }
  }

  partitionsOf(topic: AnyTopic): number {
    return this.buffersOf(topic).length;
  }

  /** Hands over, as records, the rows of every partition for which at least `minimum` wait. */
  take(minimum: number, publish: (at: TopicPartition, record: Uint8Array) => void): void {
    // Asked after each record, and mostly in vain.
    if (this.waiting < minimum) return;
    this.waiting = 0;
    for (const buffers of this.buffers.values()) {
      for (const buffer of buffers) {
        const { length } = buffer.rows;
        if (buffer.full.length === 0 && length < minimum) {
          this.waiting = Math.max(this.waiting, length);
          continue;
        }
        for (const rows of [...buffer.full, buffer.rows]) {
          if (rows.length === 0) continue;
          const records = encodeBatches(this.source, rows, buffer.codec, this.limits, buffer.sent);
          buffer.sent = lastPosition(this.source, rows);
          for (const record of records) publish(buffer.at, record);
        }
        buffer.full = [];
        buffer.rows.clear();
      }
    }
  }

  /**
   * Adds the last position that each partition got a row of, waiting ones included: the checkpoint will not be written
   * before they are acknowledged. Only what changed.
   */
  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const buffers of this.buffers.values()) {
      for (const buffer of buffers) {
        if (!buffer.changed) continue;
        buffer.changed = false;
        const rows = buffer.rows.length > 0 ? buffer.rows : buffer.full.at(-1);
        const last = rows ? lastPosition(this.source, rows) : buffer.sent;
        if (last !== null) into.set(buffer.key, encodePosition(last));
      }
    }
  }

  private added(buffer: PartitionBuffer): void {
    buffer.changed = true;
    const { rows } = buffer;
    if (rows.packer !== null && (rows.packedBytes >= this.limits.bytes || rows.length >= this.limits.rows)) {
      buffer.full.push(rows);
      buffer.rows = new RowColumns<unknown>();
      this.waiting = Infinity;
    } else if (rows.length > this.waiting) this.waiting = rows.length;
  }

  private buffersOf(topic: AnyTopic): PartitionBuffer[] {
    const buffers = this.buffers.get(topic.name);
    if (buffers === undefined) {
      throw new Error(
        `${this.source.processor} emits to ${topic.name}, which is not among its outputs: declare it there`,
      );
    }
    return buffers;
  }

  private buffer(topic: AnyTopic, partition: number | 'same'): PartitionBuffer {
    const buffers = this.buffersOf(topic);
    const buffer = buffers[partition === 'same' ? this.source.partition : partition];
    if (buffer === undefined) {
      throw new Error(
        `${this.source.processor} emits to ${topic.name}/${partition}, which has ${buffers.length} partitions`,
      );
    }
    return buffer;
  }
}
