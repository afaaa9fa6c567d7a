import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderError } from './errors.js';

/** Version of what lies in a data folder; a newer program reads older ones, never the other way round. */
const formatVersion = 1;
const product = 'moola-monitoring';
const formatFile = 'format.json';

/**
 * Makes the folder, or checks that it is one of ours that this version can read.
 * @throws {DataFolderError}
 */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
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
}

async function begin(folder: string): Promise<void> {
  const found = (await readdir(folder)).filter((name) => !name.startsWith('owner.sock'));
  if (found.length > 0) {
    throw new DataFolderError(
      folder,
      'foreign',
      `holds ${found.slice(0, 3).join(', ')} and no ${formatFile}, so it is no data folder of ours: choose an empty one`,
    );
  }
  const temporary = join(folder, `owner.sock.${formatFile}`);
  await writeFile(temporary, `${JSON.stringify({ product, version: formatVersion })}\n`);
  await rename(temporary, join(folder, formatFile));
}

function parse(text: string): { readonly version: number } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('version' in value) || !('product' in value)) return null;
    return value.product === product && typeof value.version === 'number' ? { version: value.version } : null;
  } catch {
    return null;
  }
}
