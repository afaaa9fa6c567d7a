import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { StorageFailedError } from './errors.js';

/** A named tree of the environment: raw bytes under raw bytes. */
export type Tree = Database<Buffer, Buffer>;

/**
 * Puts a value behind all others of a tree. LMDB then fills its pages, where an insert elsewhere leaves them half empty.
 * Resolves with `false` when the key is not behind all others.
 */
export function putLast(tree: Tree, key: Buffer, value: Buffer): Promise<boolean> {
  // The declaration of lmdb-js 3.5.6 knows these options for `putSync` only; its `put` takes them as well.
  const put = tree.put as (key: Buffer, value: Buffer, options: { readonly append: true }) => Promise<boolean>;
  return put.call(tree, key, value, { append: true });
}

/** Named trees that an environment can hold: a partition is one. */
const maxTrees = 4096;

/**
 * One LMDB environment, opened with `overlappingSync` (set here, though lmdb-js has it as its default where it exists).
 *
 * What that mode promises, as read in lmdb-js 3.5.6 (README, `write.js`, `src/writer.cpp`, and its LMDB's `mdb.c`):
 * - A commit writes its pages and one of two meta pages to the file, without a flush. From then on the kernel has all
 *   of it: a process that is killed loses nothing, and the next one finds the newest commit (the meta page carries the
 *   kernel's boot id; the same boot means the same page cache).
 * - The file is then flushed (`fdatasync`), and only after that a third meta page, which says what is known to be on the
 *   disk, is written and flushed itself. Pages that the flushed state uses are not given out again before a later state
 *   is flushed (`mdb_find_oldest` begins at `me_synced_txn_id`).
 * - At an open after another boot, LMDB goes back to that third page: **a power cut leaves a state that was committed,
 *   with everything before it and nothing after it, in all trees at once.** This is the prefix that the architecture
 *   asks for. It rests on the disk's honesty about flushes, as everything does.
 * - The promise of a write resolves when the writer thread is done with its transaction. In 3.5.6 that is after the
 *   flush, though its README promises the commit only; so nothing here relies on it, and `flush` asks LMDB itself.
 */
export class Environment {
  private constructor(
    readonly root: RootDatabase<Buffer, Buffer>,
    readonly folder: string,
  ) {}

  /** @throws {DataFolderError} */
  static async open(folder: string): Promise<Environment> {
    const root = open<Buffer, Buffer>({
      path: folder,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      overlappingSync: true,
      maxDbs: maxTrees,
    });
    // Those of a version before may be open to others.
    for (const name of ['data.mdb', 'lock.mdb']) await chmod(join(folder, name), 0o600);
    return new Environment(root, folder);
  }

  /** A named tree, made when missing. Only while no write is under way (`CommitQueue.alone`). */
  tree(name: string): Tree {
    return this.root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
  }

  /**
   * Resolves when what this event turn has written is committed. To be called after the last write of each turn: when a
   * commit fails, lmdb-js also rejects a promise that it hands to nobody but here.
   */
  committed(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      // lmdb-js ends a turn's transaction in an immediate of its own, which comes before this one.
      setImmediate(() => void this.root.committed.then(resolve, reject));
    });
  }

  /** Resolves when everything that was committed before the call is on the disk. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const root = this.root as unknown as { sync(done: (error?: Error) => void): void };
      root.sync((error) => {
        if (error) reject(new StorageFailedError(`${this.folder} could not be flushed: ${error.message}`));
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    return this.root.close();
  }
}
