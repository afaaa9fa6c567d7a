import type { AppendOrigin } from '../../../ports/event-log.js';

/** How long a request waits. */
export interface Patience {
  /** It is asked so often, in milliseconds. */
  readonly everyMs: number;
  /** Why nothing more is to be waited for; `null` when it is worth it. */
  over(waitedMs: number): Error | null;
}

/** An append that is not acknowledged. Its records may go in several batches, one after the other. */
export class PendingAppend {
  readonly done: Promise<number>;
  /** Values that are in a batch. */
  taken = 0;
  private acknowledged = 0;
  private firstOffset = -1;
  private settled = false;
  private resolve!: (firstOffset: number) => void;
  private rejectDone!: (error: Error) => void;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly values: readonly Uint8Array[],
    readonly origin: AppendOrigin,
    patience: Patience,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.rejectDone = reject;
    });
    if (origin === 'request') this.wait(patience, patience.everyMs);
  }

  /** Somebody has been told already; what is in no batch yet need not be written. */
  get isSettled(): boolean {
    return this.settled;
  }

  /** So many of its values are in the log, from an offset on. */
  acknowledge(offset: number, count: number): void {
    if (this.acknowledged === 0) this.firstOffset = offset;
    this.acknowledged += count;
    if (this.acknowledged === this.values.length) this.settle(() => this.resolve(this.firstOffset));
  }

  reject(error: Error): void {
    this.settle(() => this.rejectDone(error));
  }

  private wait(patience: Patience, waitedMs: number): void {
    this.timer = setTimeout(() => {
      const error = patience.over(waitedMs);
      if (error) this.reject(error);
      else this.wait(patience, waitedMs + patience.everyMs);
    }, patience.everyMs);
  }

  private settle(tell: () => void): void {
    if (this.settled) return;
    this.settled = true;
    if (this.timer) clearTimeout(this.timer);
    tell();
  }
}
