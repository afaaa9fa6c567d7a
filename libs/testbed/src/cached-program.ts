import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { programPath, runCommand } from './command.js';
import type { Installed, NotInstalled } from './debian.js';

export interface CachedProgram {
  readonly name: string;
  /** Part of the cache's folder: another version is got anew. */
  readonly version: string;
  /** Where the program lies in that folder. */
  readonly path: string;
  /** The command that puts it into a folder: program, arguments, environment. */
  get(folder: string): readonly [string, readonly string[], Readonly<Record<string, string>>?];
}

/**
 * A program in the cache; got once. It is put into a folder of its own, which gets its final name when the program is
 * there: an attempt that was broken off leaves nothing that looks whole, and of two at once one wins.
 */
export async function cachedProgram({ name, version, path, get }: CachedProgram): Promise<Installed | NotInstalled> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const installed = join(folder, path);
  if (existsSync(installed)) return { path: installed };
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(`${folder}.download-`);
  try {
    const [command, args, environment] = get(work);
    if (programPath(command) === undefined) return { reason: `there is no ${name}, and no ${command} to get it with` };
    process.stderr.write(`Getting ${name} ${version} …\n`);
    const { code, output } = await runCommand(command, args, environment);
    if (code !== 0 || !existsSync(join(work, path)))
      return { reason: `${command} could not get it\n${output.slice(-2_000)}` };
    try {
      renameSync(work, folder);
    } catch (error) {
      if (!existsSync(installed)) throw error;
    }
    return { path: installed };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
