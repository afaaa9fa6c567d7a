import type { TaskId } from '../ports/checkpoint-store.js';

/** A task that has not yet read what its log held when it was assigned. */
export interface TaskBehind {
  readonly task: TaskId;
  /** Records between it and there. */
  readonly records: number;
}

interface Chase {
  readonly end: number;
  position: number;
}

/**
 * Which tasks of a process are still catching up: each has a goal, the end of its input at the moment of its assignment,
 * and is done for good when it has read up to there once. What arrives later is lag, not readiness.
 */
export class CatchingUp {
  private readonly chases = new Map<TaskId, Chase>();

  /** The task reads on from `position`; the log ended at `end`. A task that loads its memory again keeps its goal. */
  assigned(task: TaskId, position: number, end: number): void {
    this.chases.set(task, { end: this.chases.get(task)?.end ?? end, position });
  }

  /** The task has applied everything before `position`. */
  reached(task: TaskId, position: number): void {
    const chase = this.chases.get(task);
    if (chase === undefined) return;
    chase.position = position;
    // Kept, so that it does not begin again: but with nothing left to reach.
    if (position >= chase.end) this.chases.set(task, { end: 0, position });
  }

  revoked(task: TaskId): void {
    this.chases.delete(task);
  }

  /** By task name. */
  behind(): readonly TaskBehind[] {
    return [...this.chases]
      .filter(([, { end, position }]) => position < end)
      .map(([task, { end, position }]) => ({ task, records: end - position }))
      .sort((a, b) => (a.task < b.task ? -1 : 1));
  }
}

/** For people: `catching up: moola.live/collector/join/0 12 records behind`; `null` when nobody is behind. */
export function catchingUpSentence(behind: readonly TaskBehind[]): string | null {
  if (behind.length === 0) return null;
  return `catching up: ${behind.map(({ task, records }) => `${task} ${records} records behind`).join(', ')}`;
}
