import type { TaskId } from '../ports/checkpoint-store.js';
import type { TopicPartition } from '../ports/event-log.js';

/** How a task of this process stands at the moment: for metrics and readiness, never for what it computes. */
export interface TaskStanding {
  readonly task: TaskId;
  readonly input: TopicPartition;
  /** Offset of the record that it reads next; `null` before it has begun. */
  readonly position: number | null;
  /** Its time: the largest tick so far, milliseconds since the epoch. `null`: none yet, or an effect, which has no time. */
  readonly timeMs: number | null;
  /** When the oldest record was applied that no checkpoint holds, milliseconds since the epoch. `null`: all is saved. */
  readonly unsavedSinceMs: number | null;
  /** Why it does not work at the moment: its log or its store does not answer, or refuses. `null` while it works. */
  readonly waiting: string | null;
}
