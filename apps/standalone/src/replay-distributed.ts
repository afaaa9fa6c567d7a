import { ApiTokens } from '@moola/platform/auth/api-tokens/api-tokens';
import { installationKey } from '@moola/platform/dead-letters/installation-key';
import { startHttpServer } from '@moola/platform/http/http-server';
import { createLogger, nestLogger } from '@moola/platform/logging/logger';
import { Closers } from '@moola/platform/service/closers';
import { openStreams } from '@moola/platform/service/open-streams';
import { readServiceSettings, type ServiceSettings } from '@moola/platform/service/read-service-settings';
import { installationTopicSettings, topicSettings } from '@moola/platform/topics/topic-settings';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import type { SettingsSpec } from '@moola/platform/settings/settings';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { dataPaths } from './process/data-paths.js';
import { AliasFile } from './registry/alias-file.js';
import { EmbeddedRegistry } from './registry/embedded-registry.js';
import { RegistryModule } from './registry/registry.module.js';
import { readReplay, type ReplayInputs } from './replay/replay-inputs.js';
import type { ReplayCommandOptions } from './replay-options.js';
import { tellStory } from './story/tell-story.js';
import { untilStopped } from './until-stopped.js';

/**
 * `moola replay` where the services are processes of their own: sends the log into the one replayed environment of
 * `MOOLA_ENVIRONMENTS`, and serves the model registry at `/registry/<environment>` (the responder's `MOOLA_REGISTRY_URL`).
 * Ended half-way it goes on where it stopped.
 * @returns the exit code
 */
export async function replayDistributed(options: ReplayCommandOptions): Promise<number> {
  const reading = await readReplay(options);
  const read = readServiceSettings({ settings: {} }, options.env, readSettingFile);
  const problems = [...(reading.ok ? [] : reading.problems), ...(read.ok ? [] : read.problems)];
  const replayed = read.ok ? read.settings.environments.filter(({ time }) => time === 'replay') : [];
  if (read.ok && replayed.length !== 1) {
    problems.push(`MOOLA_ENVIRONMENTS: names ${replayed.length} replays, a replay needs one: such as example:replay`);
  }
  const environment = replayed[0]?.name;
  if (!reading.ok || !read.ok || environment === undefined) {
    for (const problem of problems) options.stderr.write(`moola: ${problem}\n`);
    if (reading.ok) reading.inputs.close();
    return 1;
  }
  return untilStopped(options.stderr, async ({ signal }) => {
    const closers = new Closers();
    try {
      return await play(options, read.settings, environment, reading.inputs, closers, signal);
    } finally {
      reading.inputs.close();
      await closers.close();
    }
  });
}

async function play(
  options: ReplayCommandOptions,
  settings: ServiceSettings<SettingsSpec>,
  environment: string,
  inputs: ReplayInputs,
  closers: Closers,
  signal: AbortSignal,
): Promise<number> {
  const logger = createLogger(settings.logLevel, 'replay');
  const streams = await openStreams(settings, 'moola-replay', logger);
  closers.add(() => streams.close());
  if (settings.createTopics) {
    const ofReplay = topicSettings(environment, settings.partitions, 'replay');
    await streams.log.createTopics([...installationTopicSettings(), ...ofReplay]);
  }
  const key = await installationKey('', settings.installationKey);
  const ignored = (problem: string): void => logger.warn({ problem }, problem);
  const apiTokens = new ApiTokens({ log: streams.log, key, clock: systemClock, ignored });
  await apiTokens.read();
  const paths = dataPaths(settings.dataFolder);
  const registry = await EmbeddedRegistry.open(new AliasFile(paths.registry), () => systemClock.nowMs());
  const server = await startHttpServer({
    ...{ settings, port: settings.port, logger: nestLogger(logger), apiTokens },
    modules: [RegistryModule.of(registry, [environment])],
  });
  closers.add(() => server.close());
  void apiTokens
    .follow(signal)
    .catch((error: unknown) => logger.error({ err: error }, 'API tokens are no longer read'));
  logger.info({ registry: `${server.address}/registry/${environment}` }, 'the model registry of the replay');
  const { log, store } = streams;
  const postMortems = paths.postMortems(environment);
  const stage = { log, store, registry, fold: null, environment, inputs, postMortems };
  return tellStory(options, stage, settings.partitions, signal);
}
