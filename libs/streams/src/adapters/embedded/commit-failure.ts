import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskFullError } from '../../ports/event-log.js';

const noSpace = new Set<unknown>([28 /* ENOSPC */, 27 /* EFBIG */, 122 /* EDQUOT */, -30792 /* MDB_MAP_FULL */]);
const noSpaceNames = new Set<unknown>(['ENOSPC', 'EFBIG', 'EDQUOT']);
/** LMDB says EIO as well when the kernel wrote only a part, as it does with the last write before a disk is full. */
const inputOutputError = 5;
const smallestProbeBytes = 1024 * 1024;

/**
 * What made a commit fail: a `DiskFullError`, or the error that LMDB had. (lmdb-js rejects with a general error that
 * carries a promise of the real one.)
 * @param bytes what the commit was about to write.
 */
export async function commitFailure(
  error: Error & { readonly commitError?: Promise<never> },
  folder: string,
  bytes: number,
): Promise<Error> {
  const real: Error & { readonly code?: unknown } = error.commitError
    ? await error.commitError.catch((inner: Error) => inner)
    : error;
  if (noSpace.has(real.code)) return new DiskFullError(folder);
  if (real.code === inputOutputError && (await isFull(folder, bytes))) return new DiskFullError(folder);
  return real;
}

/** Tries to write as much beside the data as the commit would have. */
async function isFull(folder: string, bytes: number): Promise<boolean> {
  const path = join(folder, 'space-probe');
  try {
    const file = await open(path, 'w');
    try {
      await file.writeFile(Buffer.alloc(Math.max(bytes, smallestProbeBytes), 1));
      await file.sync();
    } finally {
      await file.close();
    }
    return false;
  } catch (error) {
    return noSpaceNames.has((error as NodeJS.ErrnoException).code);
  } finally {
    await rm(path, { force: true });
  }
}
