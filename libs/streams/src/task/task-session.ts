import type { CheckpointStore, TaskId } from '../ports/checkpoint-store.js';
import { delay, type Clock } from '../ports/clock.js';
import type { LogRecord, TopicPartition } from '../ports/event-log.js';
import type { Outputs } from './outputs.js';
import type { Publisher } from './publisher.js';
import type { PoisonedRows, RowPoisonedError } from './poisoned-rows.js';
import { PoisonError } from '../processor/processor.js';
import { recordHash } from './record-hash.js';
import type { Task } from './task.js';
import type { TaskLimits } from './task-limits.js';
import type { TaskMetrics } from './task-observer.js';

/** Why a task's memory was dropped. */
export type DropReason =
  | { readonly kind: 'fenced' }
  | { readonly kind: 'answer-missing'; readonly error: unknown }
  /** A row of a record before `until`, not known yet which, has brought the state to what a checkpoint cannot hold. */
  | { readonly kind: 'unsavable'; readonly until: number; readonly error: PoisonError }
  | RowPoisonedError;

export interface LifeParts<In> {
  readonly id: TaskId;
  readonly token: string;
  readonly task: Task<In>;
  readonly outputs: Outputs;
  readonly publisher: Publisher;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly limits: TaskLimits;
  readonly metrics: TaskMetrics;
  /** A checkpoint at this position is in the store. */
  committed(position: number): void;
  /** The memory is of no use any more. */
  dropped(reason: DropReason): void;
  /** An error that no new life will mend. */
  failed(error: unknown): void;
}

/**
 * A task from one acquisition to the next: what it has in memory, applies and publishes, and what of it is saved. A
 * checkpoint is written only when every output up to it is acknowledged.
 */
export class TaskSession<In> {
  private saving: Promise<void> = Promise.resolve();
  private savesWaiting = 0;
  private recordsSinceSave = 0;
  private bytesSinceSave = 0;
  private saveAfterMs: number;
  private cancelTimer: (() => void) | null = null;
  private over = false;
  private turnBeganMs = 0;
  /** When the first record was applied that the last checkpoint to be begun does not hold, and the same of that one. */
  private unsavedSinceMs: number | null = null;
  private savingSinceMs: number | null = null;
  private saved = false;

  private readonly publishRecord = (at: TopicPartition, record: Uint8Array): void =>
    this.parts.publisher.publish(at, record);

  /** The last record that was applied. */
  private lastValue: Uint8Array | null = null;

  /**
   * @param next offset of the next record.
   * @param sequence of the checkpoint that this life builds on.
   * @param lastRecord hash of the record before `next`, as the checkpoint has it.
   */
  constructor(
    private readonly parts: LifeParts<In>,
    public next: number,
    public sequence: number,
    private lastRecord: Uint8Array | null,
  ) {
    this.saveAfterMs = parts.limits.checkpointAfterMs;
  }

  /** Its memory counts no more: dropped, or let go. */
  get isOver(): boolean {
    return this.over;
  }

  get hasSaved(): boolean {
    return this.saved;
  }

  /** See `TaskStanding`. */
  get oldestUnsavedMs(): number | null {
    return this.savingSinceMs ?? this.unsavedSinceMs;
  }

  /** See `TaskStanding`. */
  get timeMs(): number | null {
    return this.parts.task.time;
  }

  /**
   * Applies records in order.
   * @throws what the processor threw, or a `RowPoisonedError`. Either ends this life at once: nothing of a row that was
   *   applied half-way may be saved or published.
   */
  async apply(records: readonly LogRecord[], poisoned: PoisonedRows): Promise<void> {
    const { publisher, limits, clock } = this.parts;
    this.turnBeganMs = clock.nowMs();
    for (let next = 0; next < records.length;) {
      const record = records[next] as LogRecord;
      const { latest } = poisoned;
      if (latest?.offset === record.offset) {
        this.endedByErrors(() => this.parts.task.apply(record, poisoned, latest.row));
        await this.checkpoint();
        if (this.over) return;
        poisoned.checkpointed();
      }
      next = this.endedByErrors(() => this.applyStretch(records, next, poisoned));
      if (publisher.unacknowledgedBytes > limits.unacknowledgedBytes) {
        await publisher.below(limits.unacknowledgedBytes);
        if (this.over) return;
      }
      this.saveWhenDue();
      if (next < records.length && this.isTurnOver()) {
        await delay(clock, 0);
        if (this.over) return;
        this.turnBeganMs = clock.nowMs();
      }
    }
    this.endedByErrors(() => this.publish(1));
    this.reportRows();
    this.cancelTimer ??= this.parts.clock.after(this.saveAfterMs, () => {
      this.cancelTimer = null;
      void this.checkpoint();
    });
  }

  /** Applies a record, and those behind it as long as there is nothing to wait for. @returns where to go on */
  private applyStretch(records: readonly LogRecord[], first: number, poisoned: PoisonedRows): number {
    const { publisher, limits } = this.parts;
    for (let next = first; ;) {
      this.applyRecord(records[next++] as LogRecord, poisoned);
      const isWaiting = publisher.unacknowledgedBytes > limits.unacknowledgedBytes;
      if (isWaiting || next === records.length || records[next]?.offset === poisoned.latest?.offset) return next;
      if (this.isTurnOver()) return next;
      this.saveWhenDue();
    }
  }

  /** Whoever recomputes for minutes must let others have their say: questions for health, answers of brokers. */
  private isTurnOver(): boolean {
    return this.parts.clock.nowMs() - this.turnBeganMs > this.parts.limits.turnMs;
  }

  private applyRecord(record: LogRecord, poisoned: PoisonedRows): void {
    this.parts.task.apply(record, poisoned);
    this.next = record.offset + 1;
    this.lastValue = record.value;
    this.recordsSinceSave++;
    this.unsavedSinceMs ??= this.parts.clock.nowMs();
    this.bytesSinceSave += record.value.length;
    this.publish(this.parts.limits.record.rows);
  }

  /** Synchronously: a save that is due would otherwise find the half-applied row before the error has travelled. */
  private endedByErrors<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Saves what has been applied by now; resolves also when it turns out that the memory has to be dropped. */
  checkpoint(): Promise<void> {
    this.savesWaiting++;
    this.saving = this.saving.then(async () => {
      this.savesWaiting--;
      try {
        if (!this.over) await this.save();
      } catch (error) {
        this.end();
        this.parts.failed(error);
      }
    });
    return this.saving;
  }

  /** From here on nothing more is published or saved. */
  end(): void {
    this.over = true;
    this.cancelTimer?.();
    this.parts.publisher.stop();
  }

  private saveWhenDue(): void {
    const { checkpointRecords, checkpointBytes } = this.parts.limits;
    if (this.savesWaiting > 0) return;
    if (this.recordsSinceSave >= checkpointRecords || this.bytesSinceSave >= checkpointBytes) void this.checkpoint();
  }

  private async save(): Promise<void> {
    const { id, token, task, publisher, store, clock, limits, metrics } = this.parts;
    if (this.recordsSinceSave === 0 && !task.isInsideRecord) return;
    this.recordsSinceSave = 0;
    this.bytesSinceSave = 0;
    this.savingSinceMs ??= this.unsavedSinceMs;
    this.unsavedSinceMs = null;
    const position = this.next;
    if (this.lastValue !== null) this.lastRecord = recordHash(this.lastValue);
    this.lastValue = null;
    const takingFromMs = clock.nowMs();
    const changes = this.takeChanges(position);
    if (changes === null) return;
    const takingMs = clock.nowMs() - takingFromMs;
    this.publish(1);
    await publisher.drained();
    if (this.over) return;
    const startMs = clock.nowMs();
    const result = await store
      .save(id, { token, buildsOn: this.sequence, position, changes })
      .catch((error: unknown) => ({ saved: false, reason: 'answer-missing', error }) as const);
    if (this.over) return;
    if (!result.saved) {
      this.parts.dropped(
        result.reason === 'fenced' ? { kind: 'fenced' } : { kind: 'answer-missing', error: result.error },
      );
      return;
    }
    this.sequence = result.sequence;
    this.saved = true;
    this.savingSinceMs = null;
    this.parts.committed(position);
    const durationMs = clock.nowMs() - startMs;
    // While changes are collected nothing else is done: a twentieth of the time. They are stored beside it: half of the time.
    const pauseMs = Math.max(20 * takingMs, durationMs);
    this.saveAfterMs = Math.min(limits.checkpointAtLatestMs, Math.max(limits.checkpointAfterMs, pauseMs));
    let bytes = 0;
    for (const entry of changes.values()) bytes += entry?.length ?? 0;
    metrics.saved({ entries: changes.size, bytes, durationMs });
  }

  /** `null`: some row has to be found first that the state cannot hold. */
  private takeChanges(position: number): Map<string, Uint8Array | null> | null {
    try {
      return this.parts.task.takeChanges(this.lastRecord);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      // Inside a record, rows of the next one have been applied.
      this.parts.dropped({ kind: 'unsavable', until: position + 1, error });
      return null;
    }
  }

  private publish(minimumRows: number): void {
    this.parts.outputs.take(minimumRows, this.publishRecord);
  }

  private reportRows(): void {
    const { counts } = this.parts.task;
    this.parts.metrics.applied({ ...counts });
    counts.applied = 0;
    counts.repeated = 0;
    counts.idleTicks = 0;
  }
}
