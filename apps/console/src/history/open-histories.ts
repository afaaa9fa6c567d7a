import { join } from 'node:path';
import type { Logger } from '@moola/platform/logging/logger';
import type { ProcessSettings } from '@moola/platform/settings/process-settings';
import { DuckDbFile } from './duckdb/duckdb-file.js';
import { EnvironmentHistory } from './environment-history.js';
import { Histories } from './histories.js';

type Settings = Pick<ProcessSettings, 'history' | 'historyFolder' | 'historyMemoryMib' | 'historyMaximumBytes'>;

/** While facts arrive they are written so often, milliseconds: few large writes cost less than many small ones. */
const writeEveryMs = 2000;
const retryAfterMs = 15_000;

/** The histories of a process, as its settings say. @param dataFolder of the process; `null`: it has none of its own */
export function historiesOf(
  settings: Settings,
  dataFolder: string | null,
  environments: readonly string[],
  logger: Logger,
): Histories {
  const folder = settings.historyFolder ?? (dataFolder === null ? null : join(dataFolder, 'history'));
  if (!settings.history || folder === null) return new Histories([]);
  const nowMs = () => Date.now();
  return new Histories(
    environments.map(
      (environment) =>
        new EnvironmentHistory({
          ...{ environment, mostBytes: settings.historyMaximumBytes, writeEveryMs, retryAfterMs, nowMs },
          file: new DuckDbFile({ folder, environment, memoryMib: settings.historyMemoryMib, nowMs }),
          warn: (problem) => logger.warn({ environment, problem }, problem),
        }),
    ),
  );
}
