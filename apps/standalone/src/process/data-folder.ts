import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepFromOthers } from '@moola/streams/adapters/embedded/data-folder';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';

/** What lies where in the data folder. */
export interface DataPaths {
  readonly store: string;
  readonly registry: string;
  /** Post-mortems of an environment, one Markdown file an incident. */
  postMortems(environment: string): string;
}

export function dataPaths(folder: string): DataPaths {
  return {
    store: join(folder, 'store'),
    registry: join(folder, 'registry.json'),
    postMortems: (environment) =>
      environment === 'live' ? join(folder, 'post-mortems', 'live') : join(folder, 'post-mortems'),
  };
}

/**
 * Opens the log and the store of a data folder.
 * @param begin `anew` throws away what is there; but only what a running process does not hold, and only what is ours.
 *   `to throw it away` is for a folder that goes with the process: nothing is flushed to the disk
 */
export async function openData(
  folder: string,
  begin: 'anew' | 'where it stopped' | 'to throw it away',
): Promise<Embedded> {
  const paths = dataPaths(folder);
  if (begin === 'to throw it away') return openEmbedded({ folder: paths.store, disk: 'never flushed' });
  await keepFromOthers(folder);
  const embedded = await openEmbedded({ folder: paths.store });
  if (begin === 'where it stopped') return embedded;
  await embedded.close();
  for (const path of [paths.store, paths.registry, join(folder, 'post-mortems')])
    await rm(path, { recursive: true, force: true });
  return openEmbedded({ folder: paths.store });
}
