import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallationKey } from './seal.js';

const keyBytes = 32;

/** The file of the data folder that holds the key, as base64, readable by its owner only. */
export const installationKeyFile = 'installation.key';

/** The key's text in a setting or a file is no base64 of 32 bytes. */
export class InstallationKeyError extends Error {
  override readonly name = 'InstallationKeyError';
}

/**
 * The key that seals dead letters: the setting's, else the data folder's, made at the first start.
 * @param setting of `MOOLA_INSTALLATION_KEY`, base64; needed where several processes share letters.
 * @throws {InstallationKeyError}
 */
export async function installationKey(folder: string, setting: string | undefined): Promise<InstallationKey> {
  if (setting !== undefined) return parsed(setting, 'MOOLA_INSTALLATION_KEY');
  const path = join(folder, installationKeyFile);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
    // Only a whole key ever stands under the name, and whoever comes first decides which.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return parsed(await readFile(path, 'utf8'), path);
}

function parsed(text: string, where: string): InstallationKey {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes) return key;
  throw new InstallationKeyError(
    `${where} holds ${key.length} bytes of base64, not ${keyBytes}: restore it, or letters sealed with it stay closed (a new one: openssl rand -base64 32)`,
  );
}
