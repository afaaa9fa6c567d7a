import {
  OffsetOutOfRangeError,
  type LogRecord,
  type PartitionBounds,
  type TopicPartition,
  type TopicSettings,
} from '../../ports/event-log.js';

interface Waiter {
  readonly offset: number;
  readonly signal: AbortSignal;
  resolve(): void;
}

/** One partition of a log in memory. */
export class MemoryPartition {
  private first = 0;
  private records: LogRecord[] = [];
  private bytes = 0;
  private waiters: Waiter[] = [];
  /** Signals that are listened to: one wait follows the other under the same. */
  private readonly heard = new WeakSet<AbortSignal>();

  constructor(private readonly at: TopicPartition) {}

  get bounds(): PartitionBounds {
    return { first: this.first, next: this.next };
  }

  private get next(): number {
    return this.first + this.records.length;
  }

  /** @returns the first offset that was given */
  append(values: readonly Uint8Array[], nowMs: number): number {
    const offset = this.next;
    const appendedAtMs = Math.max(nowMs, this.records.at(-1)?.appendedAtMs ?? 0);
    for (const value of values) {
      // A copy: whoever appended may use its bytes again.
      this.records.push({ offset: this.next, appendedAtMs, value: value.slice() });
      this.bytes += value.length;
    }
    this.wake(({ offset: awaited }) => awaited < this.next);
    return offset;
  }

  /** @throws {OffsetOutOfRangeError} */
  read(from: number, maxBytes: number): LogRecord[] {
    if (!(from >= this.first && from <= this.next)) throw new OffsetOutOfRangeError(this.at, from, this.bounds);
    const begin = from - this.first;
    let end = begin;
    let bytes = 0;
    while (end < this.records.length) {
      bytes += (this.records[end] as LogRecord).value.length;
      if (end > begin && bytes > maxBytes) break;
      end++;
    }
    return this.records.slice(begin, end);
  }

  waitFor(offset: number, signal: AbortSignal): Promise<void> {
    if (offset < this.next || signal.aborted) return Promise.resolve();
    if (!this.heard.has(signal)) {
      this.heard.add(signal);
      signal.addEventListener('abort', () => this.wake((waiter) => waiter.signal === signal), { once: true });
    }
    return new Promise((resolve) => this.waiters.push({ offset, signal, resolve }));
  }

  /** Removes the records before an offset. */
  dropBefore(offset: number): void {
    const gone = Math.min(offset, this.next) - this.first;
    if (gone <= 0) return;
    for (const { value } of this.records.splice(0, gone)) this.bytes -= value.length;
    this.first += gone;
  }

  /** Removes what has outlived its retention, but never the last record. */
  enforceRetention({ retentionMs, retentionBytes }: TopicSettings, nowMs: number): void {
    let gone = 0;
    let { bytes } = this;
    for (const { appendedAtMs, value } of this.records.slice(0, -1)) {
      const isTooOld = retentionMs !== null && appendedAtMs < nowMs - retentionMs;
      const isTooMuch = retentionBytes !== null && bytes > retentionBytes;
      if (!isTooOld && !isTooMuch) break;
      bytes -= value.length;
      gone++;
    }
    this.dropBefore(this.first + gone);
  }

  private wake(isDue: (waiter: Waiter) => boolean): void {
    if (this.waiters.length === 0) return;
    const due = this.waiters.filter(isDue);
    if (due.length === 0) return;
    this.waiters = due.length === this.waiters.length ? [] : this.waiters.filter((waiter) => !isDue(waiter));
    for (const { resolve } of due) resolve();
  }
}
