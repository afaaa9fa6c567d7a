import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createLogger } from '@moola/platform/logging/logger';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettings } from '@moola/platform/settings/settings';
import { readSettingFile, startInstallation } from './process/installation.js';
import { replayDistributed } from './replay-distributed.js';
import { readReplay, type ReplayFiles } from './replay/replay-inputs.js';
import { playStory } from './story/play-story.js';
import { stageOf } from './story/stage.js';

/** What `moola replay` was asked for. */
export interface ReplayCommandOptions extends ReplayFiles {
  /** Nothing but the final line. */
  readonly json: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const environment = 'replay';

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
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const onSignal = () => stop.abort(new Error('stopped'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const installation = await startInstallation({
      settings: { ...read.settings, host: '127.0.0.1', token: undefined },
      ...{ folder, port: 0, begin: 'where it stopped', replayEnvironment: environment, channels: new Map(), stdout },
      logger: createLogger('error', 'replay'),
    });
    installation.failed.catch((error: unknown) => stop.abort(error));
    const told = options.json ? new PassThrough().resume() : stdout;
    try {
      const stage = stageOf(installation, environment, folder);
      const story = { ...stage, inputs: reading.inputs, speed: 'max' as const, stdout: told };
      const line = await playStory(story, 'bar', read.settings.partitions, stop.signal);
      if (options.json) stdout.write(`${JSON.stringify(line)}\n`);
    } finally {
      await installation.close();
    }
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stderr.write(`moola: ${(stop.signal.reason as Error).message}\n`);
    return 1;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
    await rm(folder, { recursive: true, force: true });
  }
}
