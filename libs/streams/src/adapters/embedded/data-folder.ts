import { chmod, mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderError } from './errors.js';

/** What the folder says of itself. */
export interface FolderState {
  /**
   * Whether data were written into it: `false` until its first start has succeeded; `null` when a version that did not say
   * so made it.
   */
  readonly begun: boolean | null;
}

/** Version of what lies in a data folder; a newer program reads older ones, never the other way round. */
const formatVersion = 1;
const product = 'moola-monitoring';
const formatFile = 'format.json';

/**
 * Makes the folder, or checks that it is one of ours that this version can read.
 * @throws {DataFolderError}
 */
export async function prepareFolder(folder: string): Promise<FolderState> {
  await keepFromOthers(folder);
  const text = await readFile(join(folder, formatFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return begin(folder);
  const format = parse(text);
  if (format === null) {
    throw new DataFolderError(
      folder,
      'corrupt',
      `holds a ${formatFile} that cannot be read: restore it from a backup, or move the folder away and begin anew`,
    );
  }
  if (format.version > formatVersion) {
    throw new DataFolderError(
      folder,
      'newer',
      `has data format ${format.version}, this program reads up to ${formatVersion}: run the version that wrote it, or a newer one`,
    );
  }
  return { begun: format.begun ?? null };
}

/** From now on, data files that are missing or empty are no new ones. */
export function markBegun(folder: string): Promise<void> {
  return writeFormat(folder, true);
}

/** Makes a folder that nobody but its owner can enter; one that is there is closed to all but its owner and its group. */
export async function keepFromOthers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode } = await stat(folder);
  if ((mode & 0o007) === 0) return;
  await chmod(folder, mode & 0o770).catch((error: NodeJS.ErrnoException) => {
    // A folder of another owner, such as a mounted volume, is that one's to close.
    if (error.code !== 'EPERM' && error.code !== 'EROFS') throw error;
  });
}

async function begin(folder: string): Promise<FolderState> {
  const found = (await readdir(folder)).filter((name) => !name.startsWith('owner.sock'));
  if (found.length > 0) {
    throw new DataFolderError(
      folder,
      'foreign',
      `holds ${found.slice(0, 3).join(', ')} and no ${formatFile}, so it is no data folder of ours: choose an empty one`,
    );
  }
  await writeFormat(folder, false);
  return { begun: false };
}

async function writeFormat(folder: string, begun: boolean): Promise<void> {
  const temporary = join(folder, `owner.sock.${formatFile}`);
  const text = `${JSON.stringify({ product, version: formatVersion, begun })}\n`;
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, join(folder, formatFile));
}

interface Format {
  readonly version: number;
  readonly begun?: boolean;
}

function parse(text: string): Format | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('version' in value) || !('product' in value)) return null;
    if (value.product !== product || typeof value.version !== 'number') return null;
    return { version: value.version, ...('begun' in value && { begun: value.begun === true }) };
  } catch {
    return null;
  }
}
