import type { MissingRows } from './seen-positions.js';

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
  /**
   * The log has lost records that it had acknowledged: `source` had sent rows after the position `after` (`null`: from the
   * first on) up to `until`, and the task never saw them. It goes on without. Once a gap.
   */
  | ({ readonly kind: 'rows-missing' } & Pick<MissingRows, 'after' | 'until'> & { readonly source: string })
  /** The store holds an older checkpoint than this task has saved; it goes on from there. */
  | { readonly kind: 'store-went-back'; readonly fromSequence: number; readonly toSequence: number }
  /**
   * The store holds less than was committed to the log: it was lost, flushed or set back. A processor goes on from
   * `position`; an effect from `committed`, so that nothing is done a second time.
   */
  | { readonly kind: 'store-behind-commit'; readonly position: number; readonly committed: number }
  /**
   * The state is in a format that this version does not read: it is thrown away, and computed again from the records
   * `[from, until)` of the input. What was removed before `from` is not in it.
   */
  | { readonly kind: 'state-rebuilt'; readonly reason: string; readonly from: number; readonly until: number }
  /** Another owner took the task over, or the store is not what this task built on: its memory is dropped. */
  | { readonly kind: 'fenced' }
  /** A write was refused or its answer never came: the task's memory is dropped, and loaded again. */
  | { readonly kind: 'answer-missing'; readonly error: unknown }
  /** The time could not be written into the input; the next tick is tried as usual. */
  | { readonly kind: 'tick-not-written'; readonly error: unknown }
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

/** Figures of one effect, as they happen. */
export interface EffectMetrics {
  /** An intent was performed and its results are published. The duration begins with `perform`. */
  performed(intent: { readonly results: number; readonly durationMs: number }): void;
}

export const noEffectMetrics: EffectMetrics = { performed: () => undefined };
