import type { AppendOrigin, LogRecord } from '../../ports/event-log.js';

/** An append on its way into a partition. */
export interface PendingAppend {
  readonly values: readonly Uint8Array[];
  readonly origin: AppendOrigin;
  readonly appendedAtMs: number;
}

/**
 * The end of a partition: appends that are not committed yet, in the order in which they will be. Those from inside are
 * never refused, so their offsets are known and readers see them already. A request's may be refused when a disk is full:
 * it is seen when it is committed, and whatever stands behind it too.
 */
export class Tail {
  private readonly appends: PendingAppend[] = [];
  /** Records of the first `seenAppends` appends. */
  private readonly seen: LogRecord[] = [];
  private seenAppends = 0;

  /** @param committed offset of the first record that is not committed. */
  constructor(private committed: number) {}

  /** Offset after the last record that is seen. */
  get end(): number {
    return this.committed + this.seen.length;
  }

  add(append: PendingAppend): void {
    this.appends.push(append);
    this.see();
  }

  /** The first appends are committed. */
  commit(count: number): void {
    let records = 0;
    for (const { values } of this.appends.splice(0, count)) records += values.length;
    this.committed += records;
    this.seen.splice(0, records);
    this.seenAppends = Math.max(0, this.seenAppends - count);
    this.see();
  }

  /** It will not be committed. */
  remove(append: PendingAppend): void {
    const index = this.appends.indexOf(append);
    if (index < 0) return;
    this.appends.splice(index, 1);
    if (index < this.seenAppends) {
      this.seen.length = 0;
      this.seenAppends = 0;
    }
    this.see();
  }

  /** Records from an offset on that is not committed. */
  *from(offset: number): IterableIterator<LogRecord> {
    for (let index = offset - this.committed; index < this.seen.length; index++) yield this.seen[index] as LogRecord;
  }

  private see(): void {
    for (
      let append = this.appends[this.seenAppends];
      append?.origin === 'inside';
      append = this.appends[++this.seenAppends]
    ) {
      const { values, appendedAtMs } = append;
      for (const value of values) this.seen.push({ offset: this.end, appendedAtMs, value });
    }
  }
}
