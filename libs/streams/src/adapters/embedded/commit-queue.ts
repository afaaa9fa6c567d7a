import { setImmediate } from 'node:timers/promises';
import { DiskFullError } from '../../ports/event-log.js';
import { commitFailure } from './commit-failure.js';
import type { Environment } from './environment.js';
import { StorageFailedError } from './errors.js';

/** Memory that mirrors a tree: it takes part in the commits that change it, and follows their outcome. */
export interface Participant {
  /** Issues the writes that were gathered. Called once a commit, in the same event turn as all others. */
  write(commit: Commit): void;
  committed(): void;
  aborted(): void;
}

/** A transaction that is being put together. */
export interface Commit {
  join(participant: Participant): void;
  /** Takes the promise of a write that was issued; the commit has succeeded when all of them resolve to `true`. */
  issued(write: Promise<boolean>): void;
}

/** How an operation fares when there is no space: refused, kept waiting, or first (it makes space). */
export type OperationOrigin = 'request' | 'inside' | 'housekeeping';

export interface Operation<T> {
  readonly origin: OperationOrigin;
  /** Roughly what it writes, for the size of a commit. */
  readonly bytes: number;
  /** Says what to write. Runs again in another commit when one failed for lack of space, so it must only plan. */
  plan(commit: Commit): T;
}

interface Waiting {
  readonly operation: Operation<unknown>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A commit takes in operations up to this size, so that none waits for ever behind a stream of others. */
const maxCommitBytes = 8 * 1024 * 1024;
/** A commit that has not ended by then never will: LMDB gives no answer once it could not write its meta page. */
const commitDeadlineMs = 60_000;
/**
 * Puts everything that is written into transactions, one after the other: what arrives while one is under way goes into
 * the next. An operation sees the outcome of all operations before it; memory changes only when a commit has succeeded.
 */
export class CommitQueue {
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;
  private noSpace = false;
  private failure: StorageFailedError | null = null;
  private wake: (() => void) | null = null;
  private closing = false;
  private readonly where: string;

  constructor(
    private readonly environment: Pick<Environment, 'folder' | 'committed'>,
    /** Pause before a commit that found no space is tried again, in milliseconds. */
    private readonly retryMs: number,
    private readonly onFailure: (error: StorageFailedError) => void,
  ) {
    this.where = environment.folder;
  }

  /** True while operations from inside wait for space. */
  get full(): boolean {
    return this.noSpace;
  }

  /** Resolves with what the operation planned, once it is committed. */
  submit<T>(operation: Operation<T>): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.closing) return Promise.reject(new Error(`${this.where} is closed`));
    if (this.noSpace && operation.origin === 'request') return Promise.reject(new DiskFullError(this.where));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ operation, resolve, reject });
      if (operation.origin === 'housekeeping') this.wake?.();
      this.running ??= this.run();
    });
  }

  /** Resolves when all that was submitted before the call is committed. */
  settled(): Promise<void> {
    return this.submit({ origin: 'inside', bytes: 0, plan: () => undefined });
  }

  /** Runs something while no commit is under way. */
  async alone<T>(work: () => T): Promise<T> {
    while (this.running) await this.running;
    return work();
  }

  /** Takes nothing more in, and resolves when all that was taken in is settled. */
  async close(): Promise<void> {
    this.closing = true;
    this.wake?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await setImmediate(); // What this turn submits goes along, and what follows from it.
      const batch = this.take();
      try {
        const values = await this.commit(batch);
        this.noSpace = false;
        batch.forEach(({ resolve }, index) => resolve(values[index]));
      } catch (error) {
        if (error instanceof DiskFullError) await this.refuseRequests(batch, error);
        else this.fail(batch, error as Error);
      }
    }
    this.running = null;
  }

  /** The next operations: those that make space alone and first while there is none. */
  private take(): Waiting[] {
    const making = this.noSpace ? this.waiting.filter(({ operation }) => operation.origin === 'housekeeping') : [];
    if (making.length > 0) {
      this.waiting = this.waiting.filter(({ operation }) => operation.origin !== 'housekeeping');
      return making;
    }
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && bytes < maxCommitBytes) {
      bytes += this.waiting[count++]?.operation.bytes ?? 0;
    }
    return this.waiting.splice(0, count);
  }

  private async commit(batch: readonly Waiting[]): Promise<unknown[]> {
    const participants = new Set<Participant>();
    const writes = new Set<Promise<boolean>>();
    const commit: Commit = {
      join: (participant) => participants.add(participant),
      issued: (write) => writes.add(write),
    };
    try {
      // One event turn from here to the last write: lmdb-js puts a turn's writes into one transaction.
      const values = batch.map(({ operation }) => operation.plan(commit));
      for (const participant of participants) participant.write(commit);
      if (writes.size > 0) writes.add(this.environment.committed());
      const done = await withDeadline(Promise.all(writes), this.where);
      if (done.includes(false)) throw new StorageFailedError(`${this.where} was written by somebody else`);
      for (const participant of participants) participant.committed();
      return values;
    } catch (error) {
      for (const participant of participants) participant.aborted();
      const bytes = batch.reduce((sum, { operation }) => sum + operation.bytes, 0);
      throw await commitFailure(error as Error, this.where, bytes);
    }
  }

  private async refuseRequests(batch: readonly Waiting[], error: DiskFullError): Promise<void> {
    const all = [...batch, ...this.waiting];
    this.waiting = [];
    for (const one of all) {
      if (one.operation.origin === 'request' || this.closing) one.reject(error);
      else this.waiting.push(one);
    }
    this.noSpace = this.waiting.length > 0;
    if (this.noSpace) await this.pause();
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.retryMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private fail(batch: readonly Waiting[], error: Error): void {
    this.failure =
      error instanceof StorageFailedError
        ? error
        : new StorageFailedError(`${this.where} could not be written: ${error.message}`, { cause: error });
    for (const { reject } of [...batch, ...this.waiting]) reject(this.failure);
    this.waiting = [];
    this.onFailure(this.failure);
  }
}

async function withDeadline<T>(work: Promise<T>, where: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StorageFailedError(`a write to ${where} has not ended for ${commitDeadlineMs / 1000} s`)),
      commitDeadlineMs,
    );
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
