import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDbFile } from './duckdb/duckdb-file.js';

export interface ImportOptions {
  /** A copy of the history of another instance. */
  readonly file: string;
  /** Where histories lie. */
  readonly folder: string;
  readonly environment: string;
  readonly nowMs: () => number;
}

/** @param replaced where the history is now that was there before; `null`: there was none */
export interface ImportedHistory {
  readonly path: string;
  readonly rows: number;
  readonly replaced: string | null;
}

/**
 * Puts a copy in the place of an environment's history. No process may have it open.
 * @throws with words for a person
 */
export async function importHistory({ file, folder, environment, nowMs }: ImportOptions): Promise<ImportedHistory> {
  await stat(file);
  await mkdir(folder, { recursive: true });
  const arriving = join(folder, `arriving-${nowMs()}`);
  const place = (into: string) => new DuckDbFile({ folder: into, environment, memoryMib: 128, nowMs });
  const copy = place(arriving);
  const target = place(folder);
  try {
    await mkdir(dirname(copy.path), { recursive: true });
    await copyFile(file, copy.path);
    const store = await copy.open();
    const { tables } = await store.size().finally(() => store.close());
    let replaced: string | null = null;
    if ((await target.bytes()) > 0) {
      // Whoever has it open holds a lock.
      await (await target.open()).close();
      replaced = `${target.path}.replaced-${nowMs()}`;
      await rename(target.path, replaced);
      await rm(`${target.path}.wal`, { force: true });
    }
    await rename(copy.path, target.path);
    return { path: target.path, rows: tables.reduce((sum, { rows }) => sum + rows, 0), replaced };
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
}
