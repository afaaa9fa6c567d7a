import type { AppendOrigin } from '../../../event-log.js';

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
  private readonly timer: NodeJS.Timeout | null;

  constructor(
    readonly values: readonly Uint8Array[],
    readonly origin: AppendOrigin,
    timeoutMs: number,
    timedOut: () => Error,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.rejectDone = reject;
    });
    this.timer = origin === 'door' ? setTimeout(() => this.reject(timedOut()), timeoutMs) : null;
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

  private settle(tell: () => void): void {
    if (this.settled) return;
    this.settled = true;
    if (this.timer) clearTimeout(this.timer);
    tell();
  }
}
