/** Something that an operator should hear of, and the task that it happened to. */
export type TaskNotice = { readonly task: string } & TaskNoticeContent;

export type TaskNoticeContent =
  | {
      /** Records were removed before the task had read them: what they held is lost to it. */
      readonly kind: 'span-lost';
      /** Offsets `[from, to)` of its input. */
      readonly from: number;
      readonly to: number;
      /** Whether the task begins without any state. */
      readonly startsFromNothing: boolean;
    }
  /** The store holds an older checkpoint than this task has saved; it goes on from there. */
  | { readonly kind: 'store-went-back'; readonly fromSequence: number; readonly toSequence: number }
  /** Another owner took the task over, or the store is not what this task built on: its memory is dropped. */
  | { readonly kind: 'fenced' }
  /** A write was refused or its answer never came: the task's memory is dropped, and loaded again. */
  | { readonly kind: 'answer-missing'; readonly error: unknown }
  /** A row goes to the dead letters. */
  | { readonly kind: 'poison'; readonly offset: number; readonly row: number; readonly reason: string };

/** Figures of one task, as they happen. */
export interface TaskMetrics {
  /** After a batch of records: rows applied, dropped as repeated, ticks that brought no later time. */
  applied(rows: { readonly applied: number; readonly repeated: number; readonly idleTicks: number }): void;
  /** After a checkpoint. */
  saved(save: { readonly entries: number; readonly bytes: number; readonly durationMs: number }): void;
}

export const noMetrics: TaskMetrics = { applied: () => undefined, saved: () => undefined };
