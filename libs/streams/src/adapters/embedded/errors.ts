/** Another process (or another `openEmbedded` of this one) works on the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  constructor(
    readonly folder: string,
    readonly owner: FolderOwner,
  ) {
    super(
      `${folder} is in use by process ${owner.pid}, since ${owner.since}: stop that process, or choose another data folder`,
    );
  }
}

/** Who works on a data folder. */
export interface FolderOwner {
  /** Process id, as the owner sees it. */
  readonly pid: number;
  /** ISO 8601 instant at which it opened the folder. */
  readonly since: string;
}

/** The folder cannot be opened as it is; the message says what it holds and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  constructor(
    readonly folder: string,
    readonly problem: 'foreign' | 'newer' | 'corrupt' | 'no access',
    explanation: string,
  ) {
    super(`${folder} ${explanation}`);
  }
}

/** The environment can no longer be written. Only a restart of the process helps; liveness must fail. */
export class StorageFailedError extends Error {
  override readonly name = 'StorageFailedError';
}
