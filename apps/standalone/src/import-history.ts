import { importHistory as put, type ImportedHistory } from '@moola/console/history/import-history';
import { dataPaths } from './process/data-paths.js';

export interface ImportHistoryOptions {
  readonly file: string;
  readonly environment: string;
  /** The data folder of a process that does not run, or the folder of histories itself. */
  readonly place: { readonly dataFolder: string } | { readonly historyFolder: string };
}

/** `moola history import`. @throws with words for a person */
export function importHistory({ file, environment, place }: ImportHistoryOptions): Promise<ImportedHistory> {
  const folder = 'dataFolder' in place ? dataPaths(place.dataFolder).history : place.historyFolder;
  return put({ file, environment, folder, nowMs: () => Date.now() });
}
