import { OffsetOutOfRangeError, type LogRecord, type PartitionBounds, type TopicPartition } from '../event-log.js';
import { chunkHeader, chunkRecords, encodeChunk, keyOffset, offsetKey } from './chunk.js';
import type { Commit, Participant } from './commit-queue.js';
import { putLast, type Tree } from './environment.js';

/** Records of one commit are cut into chunks of about this size, so that a read of one record stays cheap. */
const chunkBytes = 64 * 1024;

interface Waiter {
  readonly offset: number;
  resolve(): void;
}

/** One partition: a tree of chunks, and in memory where it begins and ends. */
export class PartitionLog implements Participant {
  private first = 0;
  private next = 0;
  /** Bytes of all chunks ever appended; less `bytesBefore` of the first chunk, it is the partition's size. */
  private bytesWritten = 0;
  private bytesRemoved = 0;
  private pending: Uint8Array[] = [];
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
  }

  get bounds(): PartitionBounds {
    return { first: this.first, next: this.next };
  }

  /** Plans an append; returns the first offset that it gets. */
  append(values: readonly Uint8Array[], commit: Commit): number {
    commit.join(this);
    const offset = this.next + this.pending.length;
    for (const value of values) this.pending.push(value);
    return offset;
  }

  write(commit: Commit): void {
    let bytesBefore = this.bytesWritten;
    let offset = this.next;
    const appendedAtMs = Date.now();
    for (const records of runs(this.pending)) {
      const chunk = encodeChunk({ appendedAtMs, bytesBefore }, records);
      commit.issued(putLast(this.tree, offsetKey(offset), chunk));
      bytesBefore += chunk.length;
      offset += records.length;
    }
    this.pendingBytesWritten = bytesBefore;
    for (const key of this.pendingRemoval?.keys ?? []) commit.issued(this.tree.remove(key));
  }

  committed(): void {
    this.next += this.pending.length;
    if (this.pending.length > 0) this.bytesWritten = this.pendingBytesWritten;
    if (this.pendingRemoval) {
      this.first = this.pendingRemoval.first;
      this.bytesRemoved = this.pendingRemoval.bytesRemoved;
    }
    this.aborted();
    for (const waiter of this.waiters) {
      if (waiter.offset >= this.next) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }

  aborted(): void {
    this.pending = [];
    this.pendingRemoval = null;
  }

  /** @throws {OffsetOutOfRangeError} */
  read(from: number, maxBytes: number): LogRecord[] {
    if (!(from >= this.first && from <= this.next)) throw new OffsetOutOfRangeError(this.at, from, this.bounds);
    const records: LogRecord[] = [];
    if (from === this.next) return records;
    let bytes = 0;
    for (const { key, value } of this.tree.getRange({ start: this.chunkOf(from) })) {
      for (const record of chunkRecords(value, keyOffset(key), from)) {
        bytes += record.value.length;
        // What is committed but not acknowledged yet is for the next read.
        if (record.offset >= this.next || (records.length > 0 && bytes > maxBytes)) return records;
        records.push(record);
      }
    }
    return records;
  }

  /** Key of the chunk that holds an offset. */
  private chunkOf(offset: number): Buffer {
    for (const key of this.tree.getKeys({ start: offsetKey(offset), reverse: true, limit: 1 })) return key;
    throw new Error(`${this.at.topic}/${this.at.partition} has lost offset ${offset}`);
  }

  waitFor(offset: number, signal: AbortSignal): Promise<void> {
    if (offset < this.next || signal.aborted) return Promise.resolve();
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

/** Cuts records into runs of about a chunk's size. */
function* runs(records: readonly Uint8Array[]): IterableIterator<readonly Uint8Array[]> {
  let begin = 0;
  let bytes = 0;
  for (let index = 0; index < records.length; index++) {
    bytes += (records[index] as Uint8Array).length;
    if (bytes < chunkBytes && index + 1 < records.length) continue;
    yield records.slice(begin, index + 1);
    begin = index + 1;
    bytes = 0;
  }
}
