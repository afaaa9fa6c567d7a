import type { CheckpointStore, TaskId } from '../ports/checkpoint-store.js';
import { lifeAt, readProgress, writeProgress } from './task-progress.js';

export type BegunEpoch =
  | { readonly begun: true; readonly epoch: number; readonly keptEntries: number }
  /** An owner took the task back in the same moment. Try again, better with the owner stopped. */
  | { readonly begun: false; readonly reason: 'fenced' };

/**
 * Begins the next log epoch of a task: for an operator whose input topic was made anew, or lost its end. The task then
 * reads the topic from offset 0, with its state as it is, and its rows carry the larger epoch, which every reader takes
 * for newer than all that it has seen. It is not undone: to call it for a topic that is still the old one counts all
 * that the topic holds a second time.
 *
 * - Stop the task's processes before the topic is made anew: one that runs on could take a record of the new topic for the
 *   next of the old one. A running owner is fenced at its next save and loads the task again; one that has stopped with
 *   `TopicMadeAnewError` has to be started again. Call it for every partition of the topic: each is a task.
 * - What the task has seen of its sources stays. A source whose own input was not made anew goes on where it was.
 * - What the task has sent stays too, so that its readers see no gap where the epochs meet.
 * - It is a new life (`TaskContext.life`), since the checkpoint may be older than what the readers got: transition 5 of
 *   an alert may have been sent already, and what the old topic held after the checkpoint cannot be read again. The
 *   numbers that this life counts must not be taken for those.
 * - A task that the store knows nothing of begins epoch 1. If it had reached a larger one before the store was lost, its
 *   readers drop its rows as repeated (`moola_rows_repeated_total` of the readers grows): call it again until they do
 *   not.
 *
 * @param token a random owner token
 */
export async function beginEpoch(store: CheckpointStore, task: TaskId, token: string): Promise<BegunEpoch> {
  const { checkpoint } = await store.acquire(task, token);
  const entries = checkpoint?.entries ?? new Map<string, Uint8Array>();
  const before = readProgress(entries);
  const epoch = before.epoch + 1;
  const changes = new Map<string, Uint8Array | null>();
  writeProgress({ ...before, epoch, life: lifeAt(epoch, 0), row: 0, ordinal: 0, lastRecord: null }, changes);
  const result = await store.save(task, { token, buildsOn: checkpoint?.sequence ?? 0, position: 0, changes });
  if (!result.saved) return { begun: false, reason: result.reason };
  return { begun: true, epoch, keptEntries: entries.size };
}
