import { isTemporary, type CheckpointStore, type TaskId } from '../ports/checkpoint-store.js';
import { delay, type Clock } from '../ports/clock.js';
import { OffsetOutOfRangeError, type Assignment, type EventLog, type TopicPartition } from '../ports/event-log.js';
import { recordHash } from './record-hash.js';
import type { TaskNotice } from './task-observer.js';
import { lifeAt, readProgress, type TaskProgress } from './task-progress.js';

/** The log is not the one that the checkpoint speaks of: the topic was made anew, or it lost acknowledged records. */
export class TopicMadeAnewError extends Error {
  override readonly name = 'TopicMadeAnewError';
  constructor(task: TaskId, at: TopicPartition, offset: number, found: string) {
    super(
      `${task} has read ${at.topic}/${at.partition} up to offset ${offset}, but ${found}: the topic was made anew or cut ` +
        `off. The task stops, since offsets would mean other records than those it has counted. To read the topic as it ` +
        `is now from its beginning, with the task's state kept: moola tasks new-epoch ${task}`,
    );
  }
}

export interface StartSettings {
  readonly id: TaskId;
  readonly input: TopicPartition;
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly notices: (notice: TaskNotice) => void;
  /**
   * Where a task goes on whose store knows less than was committed. A processor goes back to its checkpoint, and computes
   * again what its readers then drop. An effect has done what was committed, and must not do it again.
   */
  readonly goesOnAt: 'checkpoint' | 'later commit';
  /** Whether the group is being left: then nothing is waited for. */
  readonly isClosing: () => boolean;
}

/** What a task begins with. */
export interface TaskStart {
  readonly token: string;
  readonly sequence: number;
  /** Where to read on. */
  readonly position: number;
  /** What lies between `position` and here is done already; equal to `position` but for effects. */
  readonly doneUntil: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
  /** Of the entries; in a new life if the position lies behind records that were removed unread. */
  readonly progress: TaskProgress;
  /** What a member of the group committed, if the checkpoint is older than that; else `null`. */
  readonly committedBeyond: number | null;
  /** Where the log ended: whoever has read up to there has caught up. */
  readonly end: number;
}

const attempts = 6;
/** A store that says itself that it will do later (`isTemporary`) is waited for so long, in milliseconds. */
const waitedForMs = 10 * 60_000;
const waitAtMostMs = 2_000;

/**
 * Acquires a task, and finds where it reads on: at its checkpoint, or at the log's first record if that lies later.
 * @throws {TopicMadeAnewError}
 */
export async function startTask(
  settings: StartSettings,
  assignment: Pick<Assignment, 'committed'>,
  token: string,
): Promise<TaskStart> {
  const { id, input, log, store, notices } = settings;
  const { checkpoint } = await answered(settings, () => store.acquire(id, token));
  const position = checkpoint?.position ?? 0;
  const entries = checkpoint?.entries ?? new Map<string, Uint8Array>();
  const saved = readProgress(entries);
  const bounds = await log.bounds(input);
  if (saved.lastRecord !== null && position <= bounds.next)
    await expectSameRecord(settings, position - 1, saved.lastRecord);
  const committed = isFirstOfEpoch(saved, position) ? null : await answered(settings, () => assignment.committed());
  const committedBeyond = committed !== null && committed > position ? committed : null;
  const needed = settings.goesOnAt === 'checkpoint' ? position : (committedBeyond ?? position);
  if (needed > bounds.next) {
    throw new TopicMadeAnewError(id, input, needed - 1, `the log ends before offset ${bounds.next}`);
  }
  if (needed < bounds.first) {
    notices({ task: id, kind: 'span-lost', from: needed, to: bounds.first, startsFromNothing: checkpoint === null });
  }
  const begun = { token, entries, committedBeyond, sequence: checkpoint?.sequence ?? 0, end: bounds.next };
  const doneUntil = Math.max(needed, bounds.first);
  if (position >= bounds.first) return { ...begun, position, doneUntil, progress: saved };
  // A state that was rebuilt stands in a life that begins further on.
  const life = Math.max(saved.life, lifeAt(saved.epoch, bounds.first));
  const progress = { ...saved, life, row: 0, ordinal: 0, lastRecord: null };
  return { ...begun, position: bounds.first, doneUntil, progress };
}

/** What is committed then speaks of the epoch before. */
function isFirstOfEpoch({ epoch, lastRecord }: TaskProgress, position: number): boolean {
  return epoch > 0 && position === 0 && lastRecord === null;
}

async function expectSameRecord(settings: StartSettings, offset: number, hash: Uint8Array): Promise<void> {
  const { id, input, log } = settings;
  const record = await log.read(input, offset, 1).then(
    ({ records: [first] }) => first,
    (error: unknown) => {
      if (error instanceof OffsetOutOfRangeError) return undefined;
      throw error;
    },
  );
  // Retention may have removed it.
  if (record?.offset !== offset || Buffer.compare(recordHash(record.value), hash) === 0) return;
  throw new TopicMadeAnewError(id, input, offset, `another record stands there now`);
}

async function answered<T>(settings: StartSettings, ask: () => Promise<T>): Promise<T> {
  const { id, clock, retryMs, notices } = settings;
  const sinceMs = clock.nowMs();
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isOver = isTemporary(error) ? clock.nowMs() - sinceMs > waitedForMs : attempt >= attempts;
      if (isOver || settings.isClosing()) throw error;
      notices({ task: id, kind: 'answer-missing', error });
      await delay(clock, Math.min(waitAtMostMs, retryMs * 2 ** attempt));
    }
  }
}
