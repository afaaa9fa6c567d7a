import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HistoryFile } from '../environment-history.js';
import { tables } from '../projections/projections.js';
import { DuckDbHistory } from './duckdb-history.js';

export interface DuckDbFileOptions {
  readonly folder: string;
  readonly environment: string;
  readonly memoryMib: number;
  /** For the names of files that are set aside. */
  readonly nowMs: () => number;
  /** @default 30 s */
  readonly queryTimeoutMs?: number;
}

/** So many damaged files are kept; older ones are removed. */
const mostSetAside = 2;
const ending = '.duckdb';

/** The history of one environment, a DuckDB file in a folder. */
export class DuckDbFile implements HistoryFile {
  readonly path: string;

  constructor(private readonly options: DuckDbFileOptions) {
    this.path = join(options.folder, `${options.environment}${ending}`);
  }

  /** Where exports are written before they are sent. */
  get exportFolder(): string {
    return join(this.options.folder, 'exports');
  }

  async open(): Promise<DuckDbHistory> {
    const { environment, memoryMib, queryTimeoutMs = 30_000 } = this.options;
    const { exportFolder } = this;
    // What a process that ended left there.
    await rm(join(exportFolder, environment), { recursive: true, force: true });
    await mkdir(join(exportFolder, environment), { recursive: true });
    return DuckDbHistory.open(this.path, {
      ...{ environment, memoryMib, tables, exportFolder, queryTimeoutMs, exportTimeoutMs: 10 * 60_000 },
    });
  }

  async setAside(): Promise<string> {
    const aside = `${this.path}.damaged-${this.options.nowMs()}`;
    await rename(this.path, aside);
    await rm(`${this.path}.wal`, { force: true });
    for (const old of (await this.damaged()).slice(0, -mostSetAside)) await rm(old, { force: true });
    return aside;
  }

  newFile(name: string): string {
    return join(this.exportFolder, this.options.environment, name);
  }

  async bytes(): Promise<number> {
    const sizes = await Promise.all(
      [this.path, `${this.path}.wal`].map((each) =>
        stat(each).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The oldest first. */
  private async damaged(): Promise<string[]> {
    const folder = dirname(this.path);
    const prefix = `${this.options.environment}${ending}.damaged-`;
    return (await readdir(folder))
      .filter((each) => each.startsWith(prefix))
      .sort()
      .map((each) => join(folder, each));
  }
}
