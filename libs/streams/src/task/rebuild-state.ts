import type { CheckpointStore, TaskId } from '../ports/checkpoint-store.js';
import type { TaskStart } from './task-start.js';
import { lifeAt, writeProgress } from './task-progress.js';

/**
 * Throws away the entries of a task whose format this version does not read, so that its state is computed again from the
 * records that its input still holds. It is what a store that lost the task would bring about (rows that come out twice
 * are dropped by their readers), but that the log epoch is kept, and that a new life is begun: transition 5 of an alert,
 * as it is numbered now, must not be taken for the one that the readers have got.
 *
 * @param start as the task was acquired, with its entries
 * @param first offset of the first record that the input holds
 * @returns false when another owner was faster
 */
export async function rebuildState(
  store: CheckpointStore,
  task: TaskId,
  start: TaskStart,
  first: number,
): Promise<boolean> {
  const changes = new Map<string, Uint8Array | null>([...start.entries.keys()].map((key) => [key, null]));
  const { epoch } = start.progress;
  const life = lifeAt(epoch, Math.max(first, start.position));
  writeProgress({ life, epoch, timeMs: 0, tickMs: 0, row: 0, ordinal: 0, lastRecord: null }, changes);
  const { token, sequence: buildsOn } = start;
  const { saved } = await store.save(task, { token, buildsOn, position: first, changes });
  return saved;
}
