import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@moola/platform/logging/logger';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { readSettings } from '@moola/platform/settings/settings';
import { MemoryCheckpointStore } from '@moola/streams/adapters/memory/memory-checkpoint-store';
import { MemoryLog } from '@moola/streams/adapters/memory/memory-log';
import { dataPaths } from './process/data-paths.js';
import { startReplayInstallation } from './process/replay-installation.js';
import type { TopicPartition } from '@moola/streams/ports/event-log';
import type { ReplayCommandOptions } from './replay-options.js';
import { readReplay } from './replay/replay-inputs.js';
import { tellStory } from './story/tell-story.js';
import { untilStopped } from './until-stopped.js';

const environment = 'replay';
/** More would only cost: one process does it all, and a step passes through every partition. */
const partitions = 1;

/**
 * `moola replay`: a log through all services, in memory.
 * @returns the exit code
 */
export async function replay(options: ReplayCommandOptions): Promise<number> {
  // What it needs of Kafka and Redis is loaded when it is used.
  if (options.env['MOOLA_MODE'] === 'distributed')
    return (await import('./replay-distributed.js')).replayDistributed(options);
  const { stdout, stderr } = options;
  const reading = await readReplay(options);
  const read = readSettings({ ...processSettings, ...notifierSettings }, options.env, readSettingFile);
  const problems = [...(reading.ok ? [] : reading.problems), ...(read.ok ? [] : read.problems)];
  if (!reading.ok || !read.ok) {
    for (const problem of problems) stderr.write(`moola: ${problem}\n`);
    if (reading.ok) reading.inputs.close();
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), 'moola-replay-'));
  try {
    return await untilStopped(stderr, async (stop) => {
      const log = new MemoryLog();
      const installation = await startReplayInstallation({
        settings: { ...read.settings, host: '127.0.0.1', token: undefined, partitions },
        ...{ log, store: new MemoryCheckpointStore() },
        ...{ folder, environment, channels: new Map(), stdout, logger: createLogger('error', 'replay') },
      });
      installation.failed.catch(stop.fail);
      try {
        const { registry } = installation;
        const stage = {
          ...{ log, store: null, registry, fold: null, environment, inputs: reading.inputs },
          letGo: (at: TopicPartition, before: number) => log.dropBefore(at, before),
          postMortems: dataPaths(options.output).postMortems(environment),
        };
        return await tellStory(options, stage, partitions, stop.signal);
      } finally {
        await installation.close();
        await log.close();
      }
    });
  } finally {
    reading.inputs.close();
    await rm(folder, { recursive: true, force: true });
  }
}
