import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@moola/platform/logging/logger';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { readSettings } from '@moola/platform/settings/settings';
import { dataPaths } from './process/data-folder.js';
import { startReplayInstallation } from './process/replay-installation.js';
import { replayDistributed } from './replay-distributed.js';
import type { ReplayCommandOptions } from './replay-options.js';
import { readReplay } from './replay/replay-inputs.js';
import { tellStory } from './story/tell-story.js';
import { untilStopped } from './until-stopped.js';

const environment = 'replay';
/** More would only cost: one process does it all, and a step passes through every partition. */
const partitions = 1;

/**
 * `moola replay`: a log through all services, in a data folder that is thrown away.
 * @returns the exit code
 */
export async function replay(options: ReplayCommandOptions): Promise<number> {
  if (options.env['MOOLA_MODE'] === 'distributed') return replayDistributed(options);
  const { stdout, stderr } = options;
  const reading = readReplay(options);
  const read = readSettings({ ...processSettings, ...notifierSettings }, options.env, readSettingFile);
  const problems = [...(reading.ok ? [] : reading.problems), ...(read.ok ? [] : read.problems)];
  if (!reading.ok || !read.ok) {
    for (const problem of problems) stderr.write(`moola: ${problem}\n`);
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), 'moola-replay-'));
  try {
    return await untilStopped(stderr, async (stop) => {
      const installation = await startReplayInstallation({
        settings: { ...read.settings, host: '127.0.0.1', token: undefined, partitions },
        ...{ folder, environment, channels: new Map(), stdout, logger: createLogger('error', 'replay') },
      });
      installation.failed.catch(stop.fail);
      try {
        const { data, registry } = installation;
        const stage = {
          ...{ log: data.log, store: null, registry, fold: null, environment, inputs: reading.inputs },
          postMortems: dataPaths(options.output).postMortems(environment),
        };
        return await tellStory(options, stage, partitions, stop.signal);
      } finally {
        await installation.close();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
