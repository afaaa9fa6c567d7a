import { resolve } from 'node:path';
import { DiskFullError } from '../../ports/event-log.js';
import { CommitQueue } from './commit-queue.js';
import { checkDataFile, damaged } from './data-file.js';
import { markBegun, prepareFolder } from './data-folder.js';
import { EmbeddedCheckpointStore } from './embedded-checkpoint-store.js';
import { EmbeddedLog } from './embedded-log.js';
import { Environment } from './environment.js';
import { StorageFailedError } from './errors.js';
import { ownFolder } from './folder-owner.js';
import { FreeSpace } from './free-space.js';
import { Retention } from './retention.js';
import { SharedFlush } from './shared-flush.js';
import { TopicCatalog } from './topic-catalog.js';

export interface EmbeddedOptions {
  /** Data folder; made when missing. One process at a time. */
  readonly folder: string;
  /**
   * Free disk space that requests leave to what is inside, in bytes. 0 lets them use all of it.
   * @default 67108864 (64 MiB)
   */
  readonly reserveBytes?: number;
  /**
   * How often records that have outlived their topic's retention are removed, in milliseconds.
   * @default 1000
   */
  readonly retentionEveryMs?: number;
  /**
   * How long what is inside waits before it tries again when a disk is full, in milliseconds.
   * @default 250
   */
  readonly diskFullRetryMs?: number;
  /**
   * About how many bytes of records a group's member is handed at once.
   * @default 1048576 (1 MiB)
   */
  readonly batchBytes?: number;
  /** Stands around each flush of the disk: for metrics, and for tests that hold it up. */
  readonly aroundFlush?: (flush: () => Promise<void>) => Promise<void>;
}

export interface Embedded {
  readonly log: EmbeddedLog;
  readonly store: EmbeddedCheckpointStore;
  /** Rejects when the environment can no longer be written: liveness must then fail. */
  readonly failed: Promise<never>;
  /** True while what is inside waits for disk space. */
  diskFull(): boolean;
  /** Why requests are refused for want of disk space; `null` while they are not. As it was measured last. */
  shortOfSpace(): string | null;
  /** Removes now what may be removed; it happens by itself every `retentionEveryMs`. */
  enforceRetention(): Promise<void>;
  /** Ends memberships, flushes, and lets the folder go. */
  close(): Promise<void>;
}

/**
 * Opens the log and the checkpoint store of one data folder: one LMDB environment, see {@link Environment} for what
 * survives what. An append is acknowledged when it is committed; `flushed()` waits for the disk.
 * @throws {FolderInUseError} {@link DataFolderError}
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = resolve(options.folder);
  const { begun } = await prepareFolder(folder);
  const ownership = await ownFolder(folder);
  try {
    await checkDataFile(folder, begun);
    const embedded = await openOwned(folder, options, () => ownership.release());
    if (begun !== true) await markBegun(folder);
    return embedded;
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

async function openOwned(folder: string, options: EmbeddedOptions, release: () => Promise<void>): Promise<Embedded> {
  const environment = await Environment.open(folder);
  let fail!: (error: StorageFailedError) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const queue = new CommitQueue(environment, options.diskFullRetryMs ?? 250, fail);
  const { catalog, store } = await readable(folder, environment, () => ({
    catalog: new TopicCatalog(environment, queue),
    store: new EmbeddedCheckpointStore(environment, queue),
  }));
  const retention = new Retention(catalog, queue, options.retentionEveryMs ?? 1000, (error) =>
    fail(new StorageFailedError(`${folder} cannot remove old records`, { cause: error })),
  );
  const around = options.aroundFlush ?? ((flush) => flush());
  const flush = new SharedFlush(() => around(() => environment.flush()));
  const space = new FreeSpace(folder, options.reserveBytes ?? 64 * 1024 * 1024);
  const log = new EmbeddedLog(catalog, queue, space, () => flush.run(), options.batchBytes ?? 1024 * 1024);
  let closing: Promise<void> | null = null;
  return {
    log,
    store,
    failed,
    diskFull: () => queue.full,
    shortOfSpace: () => (queue.full || !space.sufficed() ? new DiskFullError(folder).message : null),
    enforceRetention: () => retention.enforce(),
    close: () =>
      (closing ??= (async () => {
        await log.close();
        await retention.close();
        await queue.close();
        await environment.close();
        await release();
      })()),
  };
}

/** What cannot be read of topics and tasks is damage. */
async function readable<T>(folder: string, environment: Environment, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await environment.close();
    throw damaged(folder, (error as Error).message);
  }
}
