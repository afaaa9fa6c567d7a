import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch, rowKind } from '../processor/batch-codec.js';
import type { CatchingUp } from '../task/catching-up.js';
import { delay } from '../ports/clock.js';
import { isTemporary, type TaskId } from '../ports/checkpoint-store.js';
import { EffectProgress, type PendingIntent } from './effect-progress.js';
import type { Assignment, LogRecord, RecordBatch, TopicPartition } from '../ports/event-log.js';
import { ToldGaps } from '../task/missing-rows.js';
import type { PartitionTask } from '../task/run-group.js';
import type { EffectResult, EffectSettings } from './effect.js';
import type { EffectMetrics, TaskNotice, TaskNoticeContent } from '../task/task-observer.js';
import { startTask } from '../task/task-start.js';
import { readProgress } from '../task/task-progress.js';
import { reasonOf, UnexpectedOffsetError } from '../task/task-runner.js';
import type { TaskStanding } from '../task/task-standing.js';

export interface EffectTaskSettings<Intent> extends Omit<EffectSettings<Intent>, 'effectMetrics'> {
  readonly metrics: EffectMetrics;
  readonly id: TaskId;
  readonly input: TopicPartition;
  readonly concurrency: number;
  readonly retryMs: number;
  readonly catchingUp: CatchingUp;
  readonly isClosing: () => boolean;
  readonly failed: (error: unknown) => void;
}

const readBytes = 1 << 20;
/** What asks for nothing need not be saved at once: reading it again does nothing. In milliseconds. */
const idleSaveMs = 1000;

/** One acquisition of the task. */
interface Ownership {
  readonly token: string;
  readonly assignment: Assignment;
  sequence: number;
  over: boolean;
}

/** The intents of one partition: begun in order, performed side by side, done in any order. */
export class EffectTask<Intent> implements PartitionTask {
  private ownership: Ownership | null = null;
  private assignment: Assignment | null = null;
  private progress = new EffectProgress<Intent>(new Map(), readProgress(new Map()), 0);
  private readonly toldGaps = new ToldGaps();
  private readonly queue: PendingIntent<Intent>[] = [];
  private readonly running = new Set<Promise<void>>();
  private saving: Promise<void> = Promise.resolve();
  private saveIsDue = false;
  /** Calls off the save of what asked for nothing. */
  private cancelIdleSave: (() => void) | null = null;
  private readonly waiters = new Set<() => void>();
  /** The error for which it does not go on, until it does. */
  private waiting: string | null = null;
  private unsavedSinceMs: number | null = null;

  constructor(private readonly settings: EffectTaskSettings<Intent>) {}

  async assigned(assignment: Assignment): Promise<number> {
    this.end();
    this.assignment = assignment;
    // What was begun may still be published: its results are known by their intents.
    await Promise.all(this.running);
    const { settings } = this;
    const notices = (notice: TaskNotice): void => this.tell(notice);
    const start = await startTask({ ...settings, notices, goesOnAt: 'later commit' }, assignment, settings.token());
    const { token, sequence, position, doneUntil, committedBeyond } = start;
    this.progress = new EffectProgress<Intent>(start.entries, start.progress, position);
    if (committedBeyond !== null) {
      this.notice({ kind: 'store-behind-commit', position, committed: committedBeyond });
      await this.passOver(doneUntil);
    }
    this.ownership = { token, sequence, assignment, over: false };
    this.waiting = null;
    this.unsavedSinceMs = null;
    settings.catchingUp.assigned(settings.id, doneUntil, start.end);
    return doneUntil;
  }

  async batch(batch: RecordBatch): Promise<void> {
    const { ownership } = this;
    if (ownership === null || ownership.over) return;
    // The world must not see an intent that a power cut could take back.
    await this.settings.log.flushed();
    if (ownership.over) return;
    let isIdle = true;
    for (const record of batch.records) {
      if (record.offset !== this.progress.next) {
        this.end();
        throw new UnexpectedOffsetError(this.settings.id, batch, this.progress.next, record.offset);
      }
      const intents = this.intentsOf(record);
      isIdle &&= intents.length === 0;
      this.queue.push(...this.progress.take(record, intents));
      this.begin(ownership);
    }
    this.settings.catchingUp.reached(this.settings.id, this.progress.next);
    if (isIdle) this.saveSoon(ownership);
    else this.save(ownership);
    // Backpressure: enough wait already.
    while (this.queue.length > this.settings.concurrency && !ownership.over) {
      await new Promise<void>((resolve) => this.waiters.add(resolve));
    }
  }

  async revoked(): Promise<void> {
    const { ownership } = this;
    this.queue.length = 0;
    await Promise.all(this.running);
    if (this.cancelIdleSave !== null && ownership !== null) this.save(ownership);
    await this.saving;
    this.end();
    if (ownership === this.ownership) this.ownership = null;
    this.assignment = null;
    this.settings.catchingUp.revoked(this.settings.id);
  }

  ended(): void {
    this.end();
  }

  standing(): TaskStanding {
    const { id: task, input } = this.settings;
    const position = this.ownership === null || this.ownership.over ? null : this.progress.next;
    return { task, input, position, timeMs: null, unsavedSinceMs: this.unsavedSinceMs, waiting: this.waiting };
  }

  /**
   * The store has lost what was done. It is read without being performed, so that a producer whose store went back as well,
   * and which sends it all once more, is known to repeat itself.
   */
  private async passOver(end: number): Promise<void> {
    const { log, input } = this.settings;
    while (this.progress.next < end) {
      const { records } = await log.read(input, this.progress.next, readBytes);
      for (const record of records) {
        if (record.offset >= end) break;
        const keys = this.intentsOf(record).map(({ key }) => key);
        this.progress.passOver(record, keys);
      }
    }
  }

  private intentsOf(record: LogRecord): { key: string; intent: Intent }[] {
    const { topic } = this.settings;
    const batch = decodeBatch(record.value, topic.codec);
    const missing = this.progress.missingBefore(batch.source, batch.previous);
    const notice = missing === null ? null : this.toldGaps.notice(missing);
    if (notice !== null) this.notice(notice);
    const intents: { key: string; intent: Intent }[] = [];
    let data = 0;
    batch.kinds.forEach((kind, row) => {
      const intent = kind === rowKind.data ? (batch.data[data++] as Intent) : null;
      const isNew = this.progress.isNew(batch.source, batch.offsets[row] as number, batch.ordinals[row] as number);
      if (intent !== null && isNew) intents.push({ key: this.settings.key(intent), intent });
    });
    return intents;
  }

  private begin(ownership: Ownership): void {
    while (!ownership.over && this.running.size < this.settings.concurrency) {
      const pending = this.queue.shift();
      if (pending === undefined) break;
      const performed: Promise<void> = this.perform(ownership, pending)
        .catch((error: unknown) => {
          this.end();
          this.settings.failed(error);
        })
        .then(() => {
          this.running.delete(performed);
          this.begin(ownership);
        });
      this.running.add(performed);
    }
    for (const resolve of this.waiters) resolve();
    this.waiters.clear();
  }

  private async perform(ownership: Ownership, pending: PendingIntent<Intent>): Promise<void> {
    const { settings } = this;
    const { clock } = settings;
    const startMs = clock.nowMs();
    const stillOwner = (): Promise<boolean> => this.stillOwns(ownership);
    const results = await settings.perform(pending.intent, { key: pending.key, stillOwner });
    if (results === 'not-owner') {
      this.fenced(ownership);
      return;
    }
    for (const result of results) await this.publish(result);
    settings.metrics.performed({ results: results.length, durationMs: clock.nowMs() - startMs });
    if (ownership.over) return;
    this.progress.done(pending);
    this.save(ownership);
  }

  /** Nothing is done while the store does not answer: whether somebody else does it meanwhile is not known. */
  private async stillOwns(ownership: Ownership): Promise<boolean> {
    const { store, id, clock, retryMs, isClosing } = this.settings;
    while (!ownership.over) {
      try {
        const owns = await store.owns(id, ownership.token);
        this.waiting = null;
        return owns && !ownership.over;
      } catch (error) {
        if (!isTemporary(error)) throw error;
        if (isClosing()) return false;
        this.notice({ kind: 'answer-missing', error });
        await delay(clock, retryMs);
      }
    }
    return false;
  }

  /** Until it is acknowledged: a result that stands twice counts once, one that is missing would be performed again. */
  private async publish({ topic, partition, value }: EffectResult): Promise<void> {
    const { log, environment, clock, retryMs } = this.settings;
    const at = { topic: topicName(environment, topic), partition };
    const records = externalBatch(topic, [{ kind: 'data', value }]);
    for (;;) {
      try {
        await log.append(at, records);
        return;
      } catch (error) {
        this.notice({ kind: 'answer-missing', error });
        await delay(clock, retryMs);
      }
    }
  }

  private saveSoon(ownership: Ownership): void {
    const { clock } = this.settings;
    this.unsavedSinceMs ??= clock.nowMs();
    this.cancelIdleSave ??= clock.after(idleSaveMs, () => this.save(ownership));
  }

  /** One save at a time; what comes meanwhile goes into the next. */
  private save(ownership: Ownership): void {
    this.callOffIdleSave();
    this.unsavedSinceMs ??= this.settings.clock.nowMs();
    if (this.saveIsDue) return;
    this.saveIsDue = true;
    this.saving = this.saving.then(async () => {
      this.saveIsDue = false;
      if (ownership.over) return;
      const { store, id } = this.settings;
      const { position, changes } = this.progress.takeCheckpoint();
      const { token, sequence: buildsOn } = ownership;
      try {
        const result = await store.save(id, { token, buildsOn, position, changes });
        if (ownership.over) return;
        if (!result.saved) {
          this.fenced(ownership);
          return;
        }
        ownership.sequence = result.sequence;
        if (!this.saveIsDue) this.unsavedSinceMs = null;
        ownership.assignment.commit(position);
      } catch (error) {
        this.lost(ownership, error);
      }
    });
  }

  private fenced(ownership: Ownership): void {
    if (ownership.over) return;
    this.end();
    this.notice({ kind: 'fenced' });
    this.assignment?.again();
  }

  private lost(ownership: Ownership, error: unknown): void {
    if (ownership.over) return;
    this.end();
    const { clock, retryMs } = this.settings;
    this.notice({ kind: 'answer-missing', error });
    clock.after(retryMs, () => this.assignment?.again());
  }

  private callOffIdleSave(): void {
    this.cancelIdleSave?.();
    this.cancelIdleSave = null;
  }

  private end(): void {
    this.callOffIdleSave();
    if (this.ownership !== null) this.ownership.over = true;
    this.queue.length = 0;
    for (const resolve of this.waiters) resolve();
    this.waiters.clear();
  }

  private notice(notice: TaskNoticeContent): void {
    this.tell({ task: this.settings.id, ...notice });
  }

  private tell(notice: TaskNotice): void {
    if (notice.kind === 'answer-missing') this.waiting = reasonOf(notice.error);
    this.settings.notices(notice);
  }
}
