import type {
  AcquiredCheckpoint,
  CheckpointSave,
  CheckpointStore,
  SaveResult,
  TaskId,
} from '@moola/streams/ports/checkpoint-store';

/** A store that can be handed on before it is open: whoever asks it waits. */
export class LateStore implements CheckpointStore {
  private open!: (store: CheckpointStore) => void;
  private readonly opened = new Promise<CheckpointStore>((resolve) => (this.open = resolve));

  is(store: CheckpointStore): void {
    this.open(store);
  }

  async acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint> {
    return (await this.opened).acquire(task, token);
  }

  async save(task: TaskId, save: CheckpointSave): Promise<SaveResult> {
    return (await this.opened).save(task, save);
  }

  async owns(task: TaskId, token: string): Promise<boolean> {
    return (await this.opened).owns(task, token);
  }

  /** Whoever opened it closes it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
