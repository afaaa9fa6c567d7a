import type {
  AcquiredCheckpoint,
  CheckpointSave,
  CheckpointStore,
  SaveResult,
  TaskId,
} from '../../ports/checkpoint-store.js';

interface Stored {
  token: string;
  sequence: number;
  position: number;
  readonly entries: Map<string, Uint8Array>;
}

/** Checkpoints in the memory of the process whose tasks they are. */
export class MemoryCheckpointStore implements CheckpointStore {
  private readonly tasks = new Map<TaskId, Stored>();

  async acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint> {
    const stored = this.tasks.get(task) ?? { token, sequence: 0, position: 0, entries: new Map<string, Uint8Array>() };
    stored.token = token;
    this.tasks.set(task, stored);
    const { sequence, position, entries } = stored;
    return { checkpoint: sequence === 0 ? null : { sequence, position, entries: new Map(entries) } };
  }

  async save(task: TaskId, { token, buildsOn, position, changes }: CheckpointSave): Promise<SaveResult> {
    const stored = this.tasks.get(task);
    if (stored === undefined || stored.token !== token || stored.sequence !== buildsOn)
      return { saved: false, reason: 'fenced' };
    for (const [key, bytes] of changes) {
      if (bytes === null) stored.entries.delete(key);
      else stored.entries.set(key, bytes.slice());
    }
    stored.position = position;
    return { saved: true, sequence: ++stored.sequence };
  }

  async owns(task: TaskId, token: string): Promise<boolean> {
    return this.tasks.get(task)?.token === token;
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
