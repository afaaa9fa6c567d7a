import type { AcquiredCheckpoint, CheckpointStore, TaskId } from './checkpoint-store.js';
import { delay, type Clock } from './clock.js';
import type { EventLog, TopicPartition } from './event-log.js';
import type { TaskNotice } from './task-observer.js';

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

export interface StartSettings {
  readonly id: TaskId;
  readonly input: TopicPartition;
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly notices: (notice: TaskNotice) => void;
}

/** What a task begins with. */
export interface TaskStart {
  readonly token: string;
  readonly sequence: number;
  readonly position: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
  /** The position lies behind records that were removed unread. */
  readonly hasGap: boolean;
}

const attempts = 6;

/** Acquires a task, and finds where it reads on: at its checkpoint, or at the log's first record if that lies later. */
export async function startTask(settings: StartSettings, token: string): Promise<TaskStart> {
  const { id, input, log, notices } = settings;
  const { checkpoint } = await acquire(settings, token);
  const position = checkpoint?.position ?? 0;
  const begun = { token, sequence: checkpoint?.sequence ?? 0, entries: checkpoint?.entries ?? new Map() };
  const { first, next } = await log.bounds(input);
  if (position > next) throw new LogBehindCheckpointError(id, input, position, next);
  if (position >= first) return { ...begun, position, hasGap: false };
  notices({ task: id, kind: 'span-lost', from: position, to: first, startsFromNothing: checkpoint === null });
  return { ...begun, position: first, hasGap: true };
}

async function acquire(settings: StartSettings, token: string): Promise<AcquiredCheckpoint> {
  const { id, store, clock, retryMs, notices } = settings;
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.acquire(id, token);
    } catch (error) {
      if (attempt === attempts) throw error;
      notices({ task: id, kind: 'answer-missing', error });
      await delay(clock, retryMs * 2 ** attempt);
    }
  }
}
