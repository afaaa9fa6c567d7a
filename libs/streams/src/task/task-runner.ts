import { EntryFormatError } from '@moola/contracts/entry-format';
import type { CatchingUp } from './catching-up.js';
import type { CheckpointStore, TaskId } from '../ports/checkpoint-store.js';
import { delay, type Clock } from '../ports/clock.js';
import type { DeadLetters } from './dead-letters.js';
import type { Assignment, EventLog, RecordBatch, TopicPartition } from '../ports/event-log.js';
import { ToldGaps } from './missing-rows.js';
import { Outputs, type OutputTopic } from './outputs.js';
import type { Processor, TaskContext } from '../processor/processor.js';
import { Publisher } from './publisher.js';
import { PoisonedRows, RowPoisonedError } from './poisoned-rows.js';
import { rebuildState } from './rebuild-state.js';
import type { PartitionTask } from './run-group.js';
import type { MissingRows } from './seen-positions.js';
import { Task } from './task.js';
import { TaskSession, type DropReason } from './task-session.js';
import type { TaskLimits } from './task-limits.js';
import type { TaskMetrics, TaskNotice, TaskNoticeContent } from './task-observer.js';
import type { TaskStanding } from './task-standing.js';
import { startTask, type TaskStart } from './task-start.js';
import { Timekeeper } from './timekeeper.js';

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

export interface RunnerSettings<In> {
  readonly id: TaskId;
  readonly input: TopicPartition;
  readonly processor: Processor<In>;
  readonly context: Omit<TaskContext, 'life'>;
  readonly outputs: readonly OutputTopic[];
  readonly deadLetters: DeadLetters<unknown>;
  readonly ticksAheadMs: number | null;
  /** Between two ticks that are written into the input; `null`: others write the time. */
  readonly tickMs: number | null;
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A new random owner token. */
  readonly token: () => string;
  readonly limits: TaskLimits;
  readonly notices: (notice: TaskNotice) => void;
  readonly metrics: TaskMetrics;
  readonly catchingUp: CatchingUp;
  readonly isClosing: () => boolean;
  /** An error that no new life will mend, outside of the calls of the log. */
  readonly failed: (error: unknown) => void;
}

/** Runs one task for as long as its partition is assigned to this process: one life after the other. */
export class TaskRunner<In> implements PartitionTask {
  private life: TaskSession<In> | null = null;
  private assignment: Assignment | null = null;
  private timekeeper: Timekeeper | null = null;
  private poisoned = new PoisonedRows();
  /** See `TaskSettings`. */
  private triedBefore = 0;
  private epoch = 0;
  private readonly toldGaps = new ToldGaps();
  private failuresInARow = 0;
  private cancelRetry: (() => void) | null = null;
  /** The error for which the memory was dropped, until it is loaded again. */
  private waiting: string | null = null;

  constructor(private readonly settings: RunnerSettings<In>) {}

  /** Takes the task over at once, even if there is nothing to read; answers where to read on. */
  async assigned(assignment: Assignment): Promise<number> {
    const { settings } = this;
    this.life?.end();
    this.assignment = assignment;
    const { start, life, rebuilt } = await this.load(assignment);
    const { position, sequence, committedBeyond } = start;
    if (rebuilt) {
      // It has been said, and what was committed speaks of the state that is gone.
    } else if (this.life !== null && sequence < this.life.sequence) {
      this.notice({ kind: 'store-went-back', fromSequence: this.life.sequence, toSequence: sequence });
    } else if (committedBeyond !== null) {
      this.notice({ kind: 'store-behind-commit', position, committed: committedBeyond });
    }
    if (start.progress.epoch === this.epoch) this.poisoned.forgetBefore(position);
    else this.forgetPoison();
    this.epoch = start.progress.epoch;
    this.life = life;
    this.waiting = null;
    settings.catchingUp.assigned(settings.id, position, start.end);
    this.timekeeper ??= this.keepTime();
    return position;
  }

  async batch(batch: RecordBatch): Promise<void> {
    const { life } = this;
    if (life === null || life.isOver) return;
    let expected = life.next;
    for (const { offset } of batch.records) {
      if (offset !== expected++) {
        life.end();
        this.ended();
        throw new UnexpectedOffsetError(this.settings.id, batch, expected - 1, offset);
      }
    }
    this.timekeeper?.saw(batch.records);
    try {
      await life.apply(batch.records, this.poisoned);
      if (!life.isOver) this.settings.catchingUp.reached(this.settings.id, life.next);
    } catch (error) {
      if (error instanceof RowPoisonedError) {
        this.startOver(life, error);
        return;
      }
      this.ended();
      throw error;
    }
  }

  /** Writes no time any more. */
  ended(): void {
    void this.timekeeper?.stop();
  }

  standing(): TaskStanding {
    const { id: task, input } = this.settings;
    const life = this.life?.isOver ? null : this.life;
    return {
      ...{ task, input, position: life?.next ?? null, timeMs: life?.timeMs ?? null },
      ...{ unsavedSinceMs: life?.oldestUnsavedMs ?? null, waiting: this.waiting },
    };
  }

  /** Checkpoints and lets go. */
  async revoked(): Promise<void> {
    this.cancelRetry?.();
    await this.timekeeper?.stop();
    this.timekeeper = null;
    await this.life?.checkpoint();
    this.life?.end();
    this.life = null;
    this.assignment = null;
    this.settings.catchingUp.revoked(this.settings.id);
  }

  /** A state that this version does not read is thrown away, and computed again from the input. */
  private async load(
    assignment: Assignment,
  ): Promise<{ readonly start: TaskStart; readonly life: TaskSession<In>; readonly rebuilt: boolean }> {
    const { id, input, log, store, clock, limits } = this.settings;
    for (let rebuilt = false; ; rebuilt = true) {
      const start = await this.start(assignment);
      try {
        return { start, life: this.begin(start, assignment), rebuilt };
      } catch (error) {
        if (!(error instanceof EntryFormatError) || error.isNewer) throw error;
        const { first } = await log.bounds(input);
        const { message: reason } = error;
        this.notice({ kind: 'state-rebuilt', reason, from: first, until: start.position });
        await rebuildState(store, id, start, first).catch((unanswered: unknown) => {
          this.notice({ kind: 'answer-missing', error: unanswered });
          return delay(clock, limits.retryMs);
        });
      }
    }
  }

  private start(assignment: Assignment): Promise<TaskStart> {
    const { settings } = this;
    const { retryMs } = settings.limits;
    const notices = (notice: TaskNotice): void => this.tell(notice);
    return startTask({ ...settings, notices, retryMs, goesOnAt: 'checkpoint' }, assignment, settings.token());
  }

  private begin(start: TaskStart, assignment: Assignment): TaskSession<In> {
    const { id, processor, deadLetters, ticksAheadMs, log, store, clock, limits, metrics, failed } = this.settings;
    const { token, entries, position, sequence, progress } = start;
    const context = { ...this.settings.context, life: progress.life };
    const source = { processor: processor.name, partition: context.partition, epoch: progress.epoch };
    const outputs = new Outputs(source, this.settings.outputs, limits.record, entries);
    const missing = (rows: MissingRows): void => this.missing(rows);
    const { triedBefore } = this;
    const settings = { processor, context, deadLetters, ticksAheadMs, triedBefore, missing };
    const task = new Task(settings, entries, progress, outputs);
    const dropped = (reason: DropReason): void => this.dropped(life, reason);
    const committed = (saved: number): void => assignment.commit(saved);
    const publisher = new Publisher(log, (error) => dropped({ kind: 'answer-missing', error }));
    const life: TaskSession<In> = new TaskSession(
      { id, token, task, outputs, publisher, store, clock, limits, metrics, committed, dropped, failed },
      position,
      sequence,
      progress.lastRecord,
    );
    return life;
  }

  private keepTime(): Timekeeper | null {
    const { processor, input, tickMs, log, clock } = this.settings;
    if (tickMs === null) return null;
    const failed = (error: unknown): void => this.notice({ kind: 'tick-not-written', error });
    return new Timekeeper({ log, clock, topic: processor.input, input, tickMs, failed });
  }

  private forgetPoison(): void {
    this.poisoned = new PoisonedRows();
    this.triedBefore = 0;
  }

  private missing(rows: MissingRows): void {
    const notice = this.toldGaps.notice(rows);
    if (notice !== null) this.notice(notice);
  }

  private dropped(life: TaskSession<In>, reason: DropReason): void {
    if (life.isOver) return;
    life.end();
    this.startOver(life, reason);
  }

  /** The memory is dropped. It is loaded again when the log knows that the partition is still ours. */
  private startOver(life: TaskSession<In>, reason: DropReason): void {
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
      case 'unsavable':
        if (reason.until <= this.triedBefore) {
          // Every row was tried: it is no row's doing.
          this.settings.failed(reason.error);
          return;
        }
        this.triedBefore = reason.until;
        break;
      case 'fenced':
        this.notice(reason);
        break;
    }
    this.assignment?.again();
  }

  private notice(notice: TaskNoticeContent): void {
    this.tell({ task: this.settings.id, ...notice });
  }

  private tell(notice: TaskNotice): void {
    if (notice.kind === 'answer-missing') this.waiting = reasonOf(notice.error);
    this.settings.notices(notice);
  }
}

/** What an error says, for people. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
