import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepFromOthers } from '@moola/streams/adapters/embedded/data-folder';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { dataPaths } from './data-paths.js';

/**
 * Opens the log and the store of a data folder.
 * @param begin `anew` throws away what is there; but only what a running process does not hold, and only what is ours.
 */
export async function openData(folder: string, begin: 'anew' | 'where it stopped'): Promise<Embedded> {
  const paths = dataPaths(folder);
  await keepFromOthers(folder);
  const embedded = await openEmbedded({ folder: paths.store });
  if (begin === 'where it stopped') return embedded;
  await embedded.close();
  for (const path of [paths.store, paths.registry, join(folder, 'post-mortems'), paths.history])
    await rm(path, { recursive: true, force: true });
  return openEmbedded({ folder: paths.store });
}
