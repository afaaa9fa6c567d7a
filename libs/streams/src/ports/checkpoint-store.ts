/**
 * Where a task's state outlives its process. A save is one atomic compare-and-write: the owner's token and the sequence
 * that the save builds on must both be the store's, or nothing is written.
 */

/** A processor × an input partition, the unit of ownership: such as `moola.live/collector/join/0`. */
export type TaskId = string;

/** What a new owner finds. */
export interface AcquiredCheckpoint {
  /** `null` when the store knows nothing of the task. */
  readonly checkpoint: {
    /** How many saves led to this state. */
    readonly sequence: number;
    /** Where to read on: the offset after the last record that the entries reflect. */
    readonly position: number;
    /** In no particular order: nobody may depend on one. */
    readonly entries: ReadonlyMap<string, Uint8Array>;
  } | null;
}

export interface CheckpointSave {
  /** The owner's random token, as given to `acquire`. */
  readonly token: string;
  /** The sequence that this save builds on; 0 when the task had no checkpoint. */
  readonly buildsOn: number;
  readonly position: number;
  /** What changed since that sequence; `null` deletes the entry. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>;
}

export type SaveResult =
  | { readonly saved: true; readonly sequence: number }
  /** Another owner's token, or another sequence, is in the store. The caller must drop its memory. */
  | { readonly saved: false; readonly reason: 'fenced' };

/** An error of a store that may be over in a while: it cannot be reached, refuses a password that is being changed, is full. */
export interface TemporaryStoreError extends Error {
  readonly isTemporary: true;
}

export function isTemporary(error: unknown): error is TemporaryStoreError {
  return error instanceof Error && 'isTemporary' in error && error.isTemporary === true;
}

export interface CheckpointStore {
  /** Writes the token, loads, and reads token and sequence again; a change in between makes it start over. */
  acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint>;
  save(task: TaskId, save: CheckpointSave): Promise<SaveResult>;
  /** True while the token is still the store's: effects ask right before they touch the world. */
  owns(task: TaskId, token: string): Promise<boolean>;
  close(): Promise<void>;
}
