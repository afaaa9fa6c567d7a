import {
  OffsetOutOfRangeError,
  type AppendOrigin,
  type LogRecord,
  type PartitionBounds,
  type TopicPartition,
} from '../../ports/event-log.js';
import { chunkHeader, chunkRecords, encodeChunk, keyOffset, offsetKey } from './chunk.js';
import type { Commit, Participant } from './commit-queue.js';
import { putLast, type Tree } from './environment.js';
import { Tail, type PendingAppend } from './tail.js';

/** Records of one commit are cut into chunks of about this size, so that a read of one record stays cheap. */
const chunkBytes = 64 * 1024;

interface Waiter {
  readonly offset: number;
  resolve(): void;
}

/** One partition: a tree of chunks, and in memory where it begins and ends, and what is not committed yet. */
export class PartitionLog implements Participant {
  private first = 0;
  /** What is committed ends here. */
  private next = 0;
  private readonly tail: Tail;
  /** Bytes of all chunks ever appended; less `bytesBefore` of the first chunk, it is the partition's size. */
  private bytesWritten = 0;
  private bytesRemoved = 0;
  /** Appends of the commit that is being put together. */
  private planned: PendingAppend[] = [];
  private plannedRecords = 0;
  private pendingBytesWritten = 0;
  private pendingRemoval: { readonly keys: Buffer[]; readonly first: number; readonly bytesRemoved: number } | null =
    null;
  private readonly waiters = new Set<Waiter>();

  constructor(
    readonly at: TopicPartition,
    private readonly tree: Tree,
  ) {
    for (const { key, value } of tree.getRange({ start: offsetKey(0), limit: 1 })) {
      this.first = keyOffset(key);
      this.bytesRemoved = chunkHeader(value).bytesBefore;
    }
    for (const { key, value } of tree.getRange({ start: lastKey, reverse: true, limit: 1 })) {
      const header = chunkHeader(value);
      this.next = keyOffset(key) + header.count;
      this.bytesWritten = header.bytesBefore + value.length;
    }
    this.tail = new Tail(this.next);
  }

  get bounds(): PartitionBounds {
    return { first: this.first, next: this.tail.end };
  }

  /** Takes records in that are to be committed after all that was taken in before; readers may see them at once. */
  enter(values: readonly Uint8Array[], origin: AppendOrigin): PendingAppend {
    const append = { values, origin, appendedAtMs: Date.now() };
    this.tail.add(append);
    this.wake();
    return append;
  }

  /** What was taken in will not be committed. */
  withdraw(append: PendingAppend): void {
    this.tail.remove(append);
    this.wake();
  }

  /** Plans an append; returns the first offset that it gets. */
  append(append: PendingAppend, commit: Commit): number {
    commit.join(this);
    const offset = this.next + this.plannedRecords;
    this.planned.push(append);
    this.plannedRecords += append.values.length;
    return offset;
  }

  write(commit: Commit): void {
    let bytesBefore = this.bytesWritten;
    let offset = this.next;
    for (const { appendedAtMs, records } of runs(this.planned)) {
      const chunk = encodeChunk({ appendedAtMs, bytesBefore }, records);
      commit.issued(putLast(this.tree, offsetKey(offset), chunk));
      bytesBefore += chunk.length;
      offset += records.length;
    }
    this.pendingBytesWritten = bytesBefore;
    for (const key of this.pendingRemoval?.keys ?? []) commit.issued(this.tree.remove(key));
  }

  committed(): void {
    this.next += this.plannedRecords;
    if (this.planned.length > 0) this.bytesWritten = this.pendingBytesWritten;
    if (this.pendingRemoval) {
      this.first = this.pendingRemoval.first;
      this.bytesRemoved = this.pendingRemoval.bytesRemoved;
    }
    this.tail.commit(this.planned.length);
    this.aborted();
    this.wake();
  }

  aborted(): void {
    this.planned = [];
    this.plannedRecords = 0;
    this.pendingRemoval = null;
  }

  /** @throws {OffsetOutOfRangeError} */
  read(from: number, maxBytes: number): LogRecord[] {
    if (!(from >= this.first && from <= this.tail.end)) throw new OffsetOutOfRangeError(this.at, from, this.bounds);
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const record of this.recordsFrom(from)) {
      bytes += record.value.length;
      if (records.length > 0 && bytes > maxBytes) break;
      records.push(record);
    }
    return records;
  }

  private *recordsFrom(from: number): IterableIterator<LogRecord> {
    let offset = from;
    if (offset < this.next) {
      for (const { key, value } of this.tree.getRange({ start: this.chunkOf(offset) })) {
        for (const record of chunkRecords(value, keyOffset(key), offset)) {
          // The tree may hold already what is committed and not acknowledged.
          if (record.offset >= this.next) break;
          yield record;
          offset = record.offset + 1;
        }
        if (offset >= this.next) break;
      }
    }
    yield* this.tail.from(offset);
  }

  /** Key of the chunk that holds an offset. */
  private chunkOf(offset: number): Buffer {
    for (const key of this.tree.getKeys({ start: offsetKey(offset), reverse: true, limit: 1 })) return key;
    throw new Error(`${this.at.topic}/${this.at.partition} has lost offset ${offset}`);
  }

  waitFor(offset: number, signal: AbortSignal): Promise<void> {
    if (offset < this.tail.end || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.waiters.delete(waiter);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const waiter: Waiter = { offset, resolve: end };
      this.waiters.add(waiter);
      signal.addEventListener('abort', end);
    });
  }

  private wake(): void {
    for (const waiter of this.waiters) {
      if (waiter.offset >= this.tail.end) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }

  /** True when a chunk may go: the oldest, but never the last, since the next offset is known by it. */
  hasExpired(olderThanMs: number, retentionBytes: number): boolean {
    return this.expired(olderThanMs, retentionBytes, 1).keys.length > 0;
  }

  /** Plans the removal of the oldest chunks, at most `limit`, while they are too old or the partition is too large. */
  trim(olderThanMs: number, retentionBytes: number, limit: number, commit: Commit): void {
    const removal = this.expired(olderThanMs, retentionBytes, limit);
    if (removal.keys.length === 0) return;
    commit.join(this);
    this.pendingRemoval = removal;
  }

  private expired(olderThanMs: number, retentionBytes: number, limit: number) {
    const keys: Buffer[] = [];
    let first = this.first;
    let bytesRemoved = this.bytesRemoved;
    for (const { key, value } of this.tree.getRange({ start: offsetKey(this.first) })) {
      const header = chunkHeader(value);
      const tooLarge = this.bytesWritten - header.bytesBefore > retentionBytes;
      const isLast = keyOffset(key) + header.count >= this.next;
      if (keys.length === limit || isLast || !(tooLarge || header.appendedAtMs < olderThanMs)) break;
      keys.push(key);
      first = keyOffset(key) + header.count;
      bytesRemoved = header.bytesBefore + value.length;
    }
    return { keys, first, bytesRemoved };
  }
}

const lastKey = offsetKey(Number.MAX_SAFE_INTEGER);

interface Run {
  readonly appendedAtMs: number;
  readonly records: Uint8Array[];
}

/** Cuts records into runs of about a chunk's size, each of one append time: a reader finds the same before and after. */
function* runs(appends: readonly PendingAppend[]): IterableIterator<Run> {
  let run: Run = { appendedAtMs: 0, records: [] };
  let bytes = 0;
  for (const { appendedAtMs, values } of appends) {
    for (const value of values) {
      if (run.records.length > 0 && (bytes >= chunkBytes || run.appendedAtMs !== appendedAtMs)) {
        yield run;
        run = { appendedAtMs, records: [] };
        bytes = 0;
      }
      if (run.records.length === 0) run = { appendedAtMs, records: [] };
      run.records.push(value);
      bytes += value.length;
    }
  }
  if (run.records.length > 0) yield run;
}
