import type { AcquiredCheckpoint, CheckpointStore, TaskId } from './checkpoint-store.js';
import { delay, type Clock } from './clock.js';
import type { DeadLetters } from './dead-letters.js';
import type { Assignment, EventLog, RecordBatch, TopicPartition } from './event-log.js';
import { Outputs, type OutputTopic } from './outputs.js';
import type { Processor, TaskContext } from './processor.js';
import { Publisher } from './publisher.js';
import { PoisonedRows, RowPoisonedError } from './poisoned-rows.js';
import { Task } from './task.js';
import { TaskLife, type DropReason } from './task-life.js';
import type { TaskLimits } from './task-limits.js';
import type { TaskMetrics, TaskNotice, TaskNoticeContent } from './task-observer.js';
import { readProgress, type TaskProgress } from './task-progress.js';

/** A batch does not begin where the last one ended. Going on would lose records in silence. */
export class UnexpectedOffsetError extends Error {
  override readonly name = 'UnexpectedOffsetError';
  constructor(task: TaskId, at: TopicPartition, expected: number, found: number) {
    super(
      `${task} expected offset ${expected} of ${at.topic}/${at.partition}, but was given ${found}: it stops, so that no ` +
        `record is skipped or applied twice; restart it to read on from its checkpoint`,
    );
  }
}

/** The checkpoint is ahead of the log: the topic was made anew, or the log lost acknowledged records. */
export class LogBehindCheckpointError extends Error {
  override readonly name = 'LogBehindCheckpointError';
  constructor(task: TaskId, at: TopicPartition, position: number, next: number) {
    super(
      `${task} has read ${at.topic}/${at.partition} up to offset ${position}, but the log ends at ${next}: if the topic ` +
        `was made anew, remove the task's checkpoint`,
    );
  }
}

export interface RunnerSettings<In> {
  readonly id: TaskId;
  readonly input: TopicPartition;
  readonly processor: Processor<In>;
  readonly context: Omit<TaskContext, 'life'>;
  readonly outputs: readonly OutputTopic[];
  readonly deadLetters: DeadLetters<unknown>;
  readonly ticksAheadMs: number | null;
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A new random owner token. */
  readonly token: () => string;
  readonly limits: TaskLimits;
  readonly notices: (notice: TaskNotice) => void;
  readonly metrics: TaskMetrics;
  /** An error that no new life will mend, outside of the calls of the log. */
  readonly failed: (error: unknown) => void;
}

/** Log epoch of the inputs. A topic that is made anew will begin the next, by a command. */
const epoch = 0;
const acquireAttempts = 6;

/** Runs one task for as long as its partition is assigned to this process: one life after the other. */
export class TaskRunner<In> {
  private life: TaskLife<In> | null = null;
  private assignment: Assignment | null = null;
  private readonly poisoned = new PoisonedRows();
  private failuresInARow = 0;
  private cancelRetry: (() => void) | null = null;

  constructor(private readonly settings: RunnerSettings<In>) {}

  /** Takes the task over at once, even if there is nothing to read; answers where to read on. */
  async assigned(assignment: Assignment): Promise<number> {
    this.life?.end();
    this.assignment = assignment;
    const token = this.settings.token();
    const { checkpoint } = await this.acquire(token);
    const sequence = checkpoint?.sequence ?? 0;
    if (this.life !== null && sequence < this.life.sequence) {
      this.notice({ kind: 'store-went-back', fromSequence: this.life.sequence, toSequence: sequence });
    }
    const entries = checkpoint?.entries ?? new Map<string, Uint8Array>();
    const start = await this.start(checkpoint, entries);
    this.poisoned.forgetBefore(start.position);
    this.life = this.begin(token, entries, start.progress, start.position, sequence);
    return start.position;
  }

  async batch(batch: RecordBatch): Promise<void> {
    const { life } = this;
    if (life === null || life.isOver) return;
    let expected = life.next;
    for (const { offset } of batch.records) {
      if (offset !== expected++) {
        life.end();
        throw new UnexpectedOffsetError(this.settings.id, batch, expected - 1, offset);
      }
    }
    try {
      await life.apply(batch.records, this.poisoned);
    } catch (error) {
      if (!(error instanceof RowPoisonedError)) throw error;
      this.startOver(life, error);
    }
  }

  /** Checkpoints and lets go. */
  async revoked(): Promise<void> {
    this.cancelRetry?.();
    await this.life?.checkpoint();
    this.life?.end();
    this.life = null;
    this.assignment = null;
  }

  private async acquire(token: string): Promise<AcquiredCheckpoint> {
    const { id, store, clock, limits } = this.settings;
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.acquire(id, token);
      } catch (error) {
        if (attempt === acquireAttempts) throw error;
        this.notice({ kind: 'answer-missing', error });
        await delay(clock, limits.retryMs * 2 ** attempt);
      }
    }
  }

  /** Where to read on, and in which life: a gap in the input begins a new one, and is told. */
  private async start(
    checkpoint: AcquiredCheckpoint['checkpoint'],
    entries: ReadonlyMap<string, Uint8Array>,
  ): Promise<{ position: number; progress: TaskProgress }> {
    const { id, input, log } = this.settings;
    const bounds = await log.bounds(input);
    const position = checkpoint?.position ?? 0;
    const progress = readProgress(entries);
    if (position > bounds.next) throw new LogBehindCheckpointError(id, input, position, bounds.next);
    if (position >= bounds.first) return { position, progress };
    this.notice({ kind: 'span-lost', from: position, to: bounds.first, startsFromNothing: checkpoint === null });
    return { position: bounds.first, progress: { ...progress, life: bounds.first, row: 0, ordinal: 0 } };
  }

  private begin(
    token: string,
    entries: ReadonlyMap<string, Uint8Array>,
    progress: TaskProgress,
    position: number,
    sequence: number,
  ): TaskLife<In> {
    const { id, processor, deadLetters, ticksAheadMs, log, store, clock, limits, metrics, failed } = this.settings;
    const context = { ...this.settings.context, life: progress.life };
    const source = { processor: processor.name, partition: context.partition, epoch };
    const outputs = new Outputs(source, this.settings.outputs, limits.record);
    const task = new Task({ processor, context, deadLetters, ticksAheadMs }, entries, progress, outputs);
    const dropped = (reason: DropReason): void => this.dropped(life, reason);
    const publisher = new Publisher(log, (error) => dropped({ kind: 'answer-missing', error }));
    const life: TaskLife<In> = new TaskLife(
      { id, token, task, outputs, publisher, store, clock, limits, metrics, dropped, failed },
      position,
      sequence,
    );
    return life;
  }

  private dropped(life: TaskLife<In>, reason: DropReason): void {
    if (life.isOver) return;
    life.end();
    this.startOver(life, reason);
  }

  /** The memory is dropped. It is loaded again when the log knows that the partition is still ours. */
  private startOver(life: TaskLife<In>, reason: DropReason): void {
    const { clock, limits } = this.settings;
    if (life.hasSaved) this.failuresInARow = 0;
    switch (reason.kind) {
      case 'answer-missing': {
        const waitMs = Math.min(limits.retryAtMostMs, limits.retryMs * 2 ** this.failuresInARow);
        this.failuresInARow++;
        this.notice(reason);
        this.cancelRetry = clock.after(waitMs, () => this.assignment?.again());
        return;
      }
      case 'poison':
        this.poisoned.add(reason);
        this.notice({ kind: 'poison', offset: reason.offset, row: reason.row, reason: reason.reason });
        break;
      case 'fenced':
        this.notice(reason);
        break;
    }
    this.assignment?.again();
  }

  private notice(notice: TaskNoticeContent): void {
    this.settings.notices({ task: this.settings.id, ...notice });
  }
}
