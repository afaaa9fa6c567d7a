import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { findDamage } from './data-pages.js';
import { DataFolderError } from './errors.js';

/** Where LMDB's meta page has its fields (lmdb-js 3.5.6, 64 bit), in bytes from its begin. */
const meta = {
  ...{ flags: 18, magic: 24, version: 28, pageSize: 48, freeTree: 48, mainTree: 96 },
  ...{ lastPage: 144, transaction: 152, boot: 160, end: 168 },
};
/** Of a page: it is a meta page. */
const metaFlag = 8;
const magic = 0xbeefc0de;
const dataVersion = 2;
/** Pages at the end of the file that were freed before they were ever written need not be there. */
const mayBeMissing = 256;

/**
 * Checks the data file before LMDB maps it: reading behind the end of a mapped file, following a page that is none, or a
 * failed open of lmdb-js, ends the whole process without a word.
 * @param begun whether data were written before; `null`: not known
 * @throws {DataFolderError}
 */
export async function checkDataFile(folder: string, begun: boolean | null): Promise<void> {
  const lock = await openIfThere(folder, 'lock.mdb');
  await lock?.close();
  // Both files are made at the first start: one without the other was emptied or taken away.
  const mayBeNew = begun === false || (begun === null && lock === null);
  const file = await openIfThere(folder, 'data.mdb');
  if (file === null) {
    if (mayBeNew) return;
    throw damaged(folder, 'data.mdb is missing');
  }
  try {
    const { size } = await file.stat();
    if (size === 0) {
      if (mayBeNew) return;
      throw damaged(folder, 'data.mdb is empty');
    }
    const head = Buffer.alloc(meta.end);
    await file.read(head, 0, meta.end, 0);
    const pageSize = head.readUInt32LE(meta.pageSize);
    const isLmdb = head.readUInt32LE(meta.magic) === magic && (head.readUInt16LE(meta.flags) & metaFlag) !== 0;
    if (!isLmdb || pageSize < 256 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
      throw damaged(folder, 'data.mdb does not begin as a file of LMDB does');
    const version = head.readUInt32LE(meta.version) & 0xffff;
    if (version !== dataVersion) {
      const words = `has data.mdb in LMDB's format ${version}, this program reads ${dataVersion}: run the version that wrote it`;
      throw new DataFolderError(folder, 'newer', words);
    }
    // The third meta page, half a page behind the first, says what is known to be on the disk.
    const flushed = Buffer.alloc(meta.end);
    await file.read(flushed, 0, meta.end, pageSize / 2);
    if (flushed.readBigUInt64LE(meta.transaction) === 0n) return;
    const expected = (Number(flushed.readBigUInt64LE(meta.lastPage)) + 1) * pageSize;
    if (size + mayBeMissing * pageSize < expected) throw damaged(folder, `data.mdb has ${size} bytes of ${expected}`);
    if (size < expected) await file.truncate(expected); // Grows it, so that what is mapped is there.
    const second = Buffer.alloc(meta.end);
    await file.read(second, 0, meta.end, pageSize);
    if (second.readUInt32LE(meta.magic) !== magic) throw damaged(folder, 'data.mdb: its second page is none of LMDB');
    const state = stateInUse([head, second], flushed, await bootId());
    const lastPage = Number(state.readBigUInt64LE(meta.lastPage));
    const problem = findDamage({ descriptor: file.fd, pageSize, lastPage }, [
      { name: 'the list of free pages', record: state.subarray(meta.freeTree, meta.freeTree + 48), holdsTrees: false },
      { name: 'the list of topics', record: state.subarray(meta.mainTree, meta.mainTree + 48), holdsTrees: true },
    ]);
    if (problem !== null) throw damaged(folder, `data.mdb: ${problem}`);
  } finally {
    await file.close();
  }
}

/**
 * The meta page by which LMDB opens the file: the newest, where the kernel that wrote it still runs and so has all of it;
 * else the one that says what was flushed.
 */
function stateInUse(newest: readonly [Buffer, Buffer], flushed: Buffer, boot: bigint | null): Buffer {
  const transaction = (page: Buffer): bigint => page.readBigUInt64LE(meta.transaction);
  const [first, second] = newest;
  const latest = transaction(second) > transaction(first) ? second : first;
  if (transaction(latest) === transaction(flushed)) return latest;
  return boot !== null && latest.readBigInt64LE(meta.boot) === boot ? latest : flushed;
}

/** The kernel's boot, as LMDB writes it: the first part of Linux's id. */
async function bootId(): Promise<bigint | null> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  const first = /^[0-9a-f]+/.exec(text ?? '')?.[0];
  return first === undefined ? null : BigInt(`0x${first}`);
}

/** For reading and writing, so that missing rights show here. */
async function openIfThere(folder: string, name: string): Promise<FileHandle | null> {
  return open(join(folder, name), 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    if (!['EACCES', 'EPERM', 'EROFS', 'EISDIR'].includes(error.code ?? '')) throw error;
    const words = `holds ${name}, which this process cannot write (${error.code}): give it to the user that runs Moola`;
    throw new DataFolderError(folder, 'no access', words);
  });
}

export function damaged(folder: string, reason: string): DataFolderError {
  return new DataFolderError(
    folder,
    'corrupt',
    `is damaged (${reason}): restore it from a backup, or move it away and begin anew`,
  );
}
