import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderError } from './errors.js';

/** Where LMDB's meta page has its fields (lmdb-js 3.5.6, 64 bit), in bytes from its begin. */
const meta = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 168 };
const magic = 0xbeefc0de;
const dataVersion = 2;
/** Pages at the end of the file that were freed before they were ever written need not be there. */
const mayBeMissing = 256;

/**
 * Checks the data file before LMDB maps it: reading behind the end of a mapped file, or a failed open of lmdb-js, ends
 * the whole process.
 * @throws {DataFolderError}
 */
export async function checkDataFile(folder: string): Promise<void> {
  await (await openIfThere(join(folder, 'lock.mdb')))?.close();
  const file = await openIfThere(join(folder, 'data.mdb'));
  if (file === null) return;
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    const head = Buffer.alloc(meta.end);
    await file.read(head, 0, meta.end, 0);
    const pageSize = head.readUInt32LE(meta.pageSize);
    const isLmdb =
      head.readUInt32LE(meta.magic) === magic && (head.readUInt32LE(meta.version) & 0xffff) === dataVersion;
    if (!isLmdb || pageSize < 256 || pageSize > 65_536) throw damaged(folder, 'data.mdb is no file of LMDB');
    // The third meta page, half a page behind the first, says what is known to be on the disk.
    const flushed = Buffer.alloc(meta.end);
    await file.read(flushed, 0, meta.end, pageSize / 2);
    if (flushed.readBigUInt64LE(meta.transaction) === 0n) return;
    const expected = (Number(flushed.readBigUInt64LE(meta.lastPage)) + 1) * pageSize;
    if (size + mayBeMissing * pageSize < expected) throw damaged(folder, `data.mdb has ${size} bytes of ${expected}`);
    if (size < expected) await file.truncate(expected); // Grows it, so that what is mapped is there.
  } finally {
    await file.close();
  }
}

/** For reading and writing, so that missing rights show here. */
async function openIfThere(path: string): Promise<FileHandle | null> {
  return open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function damaged(folder: string, reason: string): DataFolderError {
  return new DataFolderError(
    folder,
    'corrupt',
    `is damaged (${reason}): restore it from a backup, or move it away and begin anew`,
  );
}
