import { setMaxListeners } from 'node:events';
import { topicName } from '@moola/contracts/topics';
import type { EventLog } from '@moola/streams/ports/event-log';
import { GiveWay } from './follow/give-way.js';
import { FactReader } from './follow/fact-reader.js';
import { Pending } from './follow/pending.js';
import { DamagedHistoryError, type HistoryStore, type StoreSize } from './port/history-store.js';
import { factTopics, projectionsOf } from './projections/projections.js';

/** Opens a file of history, and moves one away that cannot be read. */
export interface HistoryFile {
  readonly path: string;
  open(): Promise<HistoryStore>;
  /** @returns where it is now */
  setAside(): Promise<string>;
  /** Where a file can be written that is sent to somebody. */
  newFile(name: string): string;
  /** What it takes up, beside others set aside. */
  bytes(): Promise<number>;
}

export interface HistoryOptions {
  readonly environment: string;
  readonly file: HistoryFile;
  /** The file's limit. */
  readonly mostBytes: number;
  /** Between two writes while facts arrive, milliseconds. */
  readonly writeEveryMs: number;
  /** After a failure, milliseconds. */
  readonly retryAfterMs: number;
  readonly nowMs: () => number;
  /** Something a person should know. */
  readonly warn: (problem: string) => void;
}

/** So many rows are written at once at most. */
const mostPending = 20_000;
const maintainEveryMs = 3_600_000;

/** History has a file, or says why not. */
export type HistoryState = { readonly open: true } | { readonly open: false; readonly why: string };

/**
 * The memory of one environment: facts are read from the log, and written with the positions up to which they are read. What
 * goes wrong here stops history only, and is tried again.
 */
export class EnvironmentHistory {
  readonly environment: string;
  rowsWritten = 0;
  size: StoreSize | null = null;
  private store: HistoryStore | null = null;
  private why = 'history is being opened: ask again';
  private readers: FactReader<unknown>[] = [];
  private readonly pending = new Pending();
  private maintainedMs = -Infinity;
  private wasSetAside: string | null = null;
  private isCaughtUp = false;
  private damage: DamagedHistoryError | null = null;
  /** By topic and partition: up to which offset facts are in the file. */
  private readonly written = new Map<string, number>();
  private readonly giveWay = new GiveWay();
  private wake = new AbortController();

  constructor(private readonly options: HistoryOptions) {
    this.environment = options.environment;
  }

  get state(): HistoryState {
    return this.store === null ? { open: false, why: this.why } : { open: true };
  }

  /** What there is to say though everything else goes on; `null`: nothing. */
  get remark(): string | null {
    if (this.store === null) return `history of ${this.environment} stands still: ${this.why}`;
    if (this.wasSetAside !== null && !this.isCaughtUp)
      return `history of ${this.environment} was damaged and is being built again from the topics; the damaged file is ${this.wasSetAside}`;
    return null;
  }

  /** Records that are not taken in. */
  get behind(): number {
    return this.readers.reduce((sum, reader) => sum + reader.behind, 0);
  }

  /** Rows that came after their time was forgotten. */
  get tooLate(): number {
    return this.pending.tooLate;
  }

  get caughtUp(): boolean {
    return this.isCaughtUp;
  }

  /** @throws {HistoryClosedError} that says why there is none at the moment */
  open(): HistoryStore {
    if (this.store === null) throw new HistoryClosedError(this.why);
    return this.store;
  }

  /** Whether all records of a partition before an offset are in the file. */
  hasWritten(topic: string, partition: number, offset: number): boolean {
    return (this.written.get(`${topic}/${partition}`) ?? 0) >= offset;
  }

  /** Where a file can be written that is sent to somebody. @param name that no other file has */
  newFile(name: string): string {
    return this.options.file.newFile(name);
  }

  /** A reader found the file damaged: it is built again. */
  foundDamaged(error: DamagedHistoryError): void {
    this.damage ??= error;
    this.wake.abort();
  }

  /** Follows the facts until the signal aborts. Never rejects. */
  async run(log: EventLog, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.start(log);
        await this.follow(signal);
      } catch (error) {
        await this.failed(error);
        await rest(this.options.retryAfterMs, signal);
      }
    }
    await this.stop('history was stopped');
  }

  private async start(log: EventLog): Promise<void> {
    this.damage = null;
    this.wake = new AbortController();
    const store = await this.options.file.open();
    try {
      const positions = await store.positions();
      this.pending.clear();
      this.readers = [];
      for (const topic of factTopics) {
        const name = topicName(this.environment, topic);
        const partitions = await log.partitionCount(name);
        for (let partition = 0; partition < partitions; partition++) {
          const position = positions.find((each) => each.topic === topic.name && each.partition === partition);
          const at = { topic: name, partition };
          this.readers.push(new FactReader(log, at, topic, projectionsOf(topic), this.pending, position));
        }
      }
      this.maintainedMs = -Infinity;
      this.size = await store.size();
      this.store = store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.damage !== null) throw this.damage;
      let more = false;
      const beganMs = performance.now();
      for (const reader of this.readers) {
        if (this.pending.size >= mostPending) await this.write();
        more = (await reader.read()) || more;
        if (signal.aborted) break;
      }
      if (more && this.behind > 0) {
        const restMs = this.giveWay.restMs(performance.now() - beganMs);
        if (restMs > 0) await rest(restMs, signal);
        continue;
      }
      await this.write();
      this.isCaughtUp = true;
      await this.maintain();
      const enough = new AbortController();
      const waiting = AbortSignal.any([signal, enough.signal, this.wake.signal]);
      setMaxListeners(0, waiting);
      await Promise.race(this.readers.map((reader) => reader.waitForMore(waiting)));
      enough.abort();
      await rest(this.options.writeEveryMs, signal);
    }
    await this.write();
  }

  private async write(): Promise<void> {
    const taken = this.readers.flatMap((reader) => reader.takePosition() ?? []);
    if (taken.length === 0) return;
    const rows = this.pending.size;
    const [batch, figures] = [this.pending.rows(), this.pending.figures()];
    this.pending.clear();
    await this.open().write({
      ...{ rows: batch, figures, positions: taken.map(({ position }) => position) },
      gaps: taken.flatMap(({ gaps }) => gaps),
    });
    this.rowsWritten += rows;
    for (const { position } of taken) this.written.set(`${position.topic}/${position.partition}`, position.next);
  }

  private async maintain(): Promise<void> {
    const { nowMs, mostBytes } = this.options;
    if (nowMs() - this.maintainedMs < maintainEveryMs) return;
    this.maintainedMs = nowMs();
    const clockMs = Math.max(-Infinity, ...this.readers.map((reader) => reader.clock ?? -Infinity));
    if (clockMs > -Infinity) await this.open().maintain({ nowMs: clockMs, mostBytes });
    this.size = await this.open().size();
  }

  private async failed(error: unknown): Promise<void> {
    const message = (error as Partial<Error>).message ?? String(error);
    const seconds = this.options.retryAfterMs / 1000;
    await this.stop(`${message} (tried again every ${seconds} s)`);
    this.isCaughtUp = false;
    if (error instanceof DamagedHistoryError) {
      const aside = await this.options.file.setAside().catch((problem: unknown) => String(problem));
      this.wasSetAside = aside;
      this.why = 'the file was damaged, and is being built again from the topics';
      this.options.warn(
        `history of ${this.environment} is damaged (${message}): moved to ${aside}, and built again from the topics`,
      );
    } else this.options.warn(`history of ${this.environment} stands still: ${this.why}`);
  }

  private async stop(why: string): Promise<void> {
    const { store } = this;
    this.why = why;
    this.store = null;
    await store?.close().catch(() => undefined);
  }
}

/** There is no history at the moment. */
export class HistoryClosedError extends Error {
  override readonly name = 'HistoryClosedError';
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
