import type { LogRecord, TopicPartition } from '../../../ports/event-log.js';
import { readRecords, type StoredBatch } from './stored-batch.js';

/** The log went on at another offset than the next. To read on would lose or repeat records in silence. */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';
  constructor(at: TopicPartition, expected: number, found: number) {
    super(
      `${at.topic}/${at.partition}: expected offset ${expected}, found ${found}: records are missing between them (a topic ` +
        `that is compacted, or that was made anew); set cleanup.policy to delete, then start again from a checkpoint`,
    );
  }
}

/** Record batches of one partition on their way from the broker to whoever works on them, without a gap. */
export class BatchQueue {
  private readonly batches: StoredBatch[] = [];
  private size = 0;
  private begin = 0;
  private end = 0;

  constructor(private readonly at: TopicPartition) {}

  /** Bytes that wait, as stored. */
  get bytes(): number {
    return this.size;
  }

  get isEmpty(): boolean {
    return this.batches.length === 0;
  }

  /** The offset that the next record handed over has. */
  get next(): number {
    return this.begin;
  }

  /** The offset to fetch from. */
  get fetchFrom(): number {
    return this.end;
  }

  /** Begins anew at an offset. */
  reset(offset: number): void {
    this.batches.length = 0;
    this.size = 0;
    this.begin = this.end = offset;
  }

  holds(offset: number): boolean {
    return offset >= this.begin && offset < this.end;
  }

  /**
   * Brokers answer with whole batches, so the first may begin before what was asked for.
   * @throws {LogGapError}
   */
  add(batches: readonly StoredBatch[]): void {
    for (const batch of batches) {
      if (batch.lastOffset < this.end) continue;
      const begins = this.isEmpty && batch.firstOffset <= this.end ? this.end : batch.firstOffset;
      if (begins !== this.end) throw new LogGapError(this.at, this.end, batch.firstOffset);
      this.batches.push(batch);
      this.size += batch.bytes.length;
      this.end = batch.lastOffset + 1;
    }
  }

  /** Takes the next records out: those of whole batches, one batch at least, and more until there are so many bytes. */
  take(bytes: number): LogRecord[] {
    const records: LogRecord[] = [];
    let taken = 0;
    let count = 0;
    for (const batch of this.batches) {
      if (count > 0 && taken + batch.bytes.length > bytes) break;
      readRecords(batch, this.begin, records);
      this.check(records, batch);
      taken += batch.bytes.length;
      count++;
    }
    this.batches.splice(0, count);
    this.size -= taken;
    this.begin = records.length > 0 ? (records[records.length - 1] as LogRecord).offset + 1 : this.begin;
    return records;
  }

  /** Records from an offset on that stay here; batches before it are dropped. One record at least, about so many bytes. */
  peek(from: number, bytes: number): LogRecord[] {
    while (this.batches[0] && this.batches[0].lastOffset < from)
      this.size -= (this.batches.shift() as StoredBatch).bytes.length;
    this.begin = Math.max(this.begin, from);
    const records: LogRecord[] = [];
    let left = bytes;
    for (const batch of this.batches) {
      const read: LogRecord[] = [];
      readRecords(batch, from, read);
      for (const record of read) {
        left -= record.value.length;
        if (left < 0 && records.length > 0) return records;
        records.push(record);
      }
    }
    return records;
  }

  private check(records: readonly LogRecord[], { lastOffset }: StoredBatch): void {
    const expected = this.begin + records.length - 1;
    const last = records[records.length - 1]?.offset ?? this.begin - 1;
    if (last !== lastOffset || last !== expected) throw new LogGapError(this.at, expected, last);
  }
}
