import { installationKey } from '@moola/platform/dead-letters/installation-key';
import { startHttpServer } from '@moola/platform/http/http-server';
import { nestLogger } from '@moola/platform/logging/logger';
import { Metrics } from '@moola/platform/metrics/metrics';
import { StreamMetrics } from '@moola/platform/metrics/stream-metrics';
import { Closers } from '@moola/platform/service/closers';
import { topicSettings } from '@moola/platform/topics/topic-settings';
import type { Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { AliasFile } from '../registry/alias-file.js';
import { EmbeddedRegistry } from '../registry/embedded-registry.js';
import { RegistryModule } from '../registry/registry.module.js';
import { startCore } from './core.js';
import { dataPaths, openData } from './data-folder.js';
import type { InstallationOptions } from './installation.js';

export interface ReplayInstallationOptions extends Pick<
  InstallationOptions,
  'settings' | 'folder' | 'channels' | 'stdout' | 'logger'
> {
  readonly environment: string;
}

/** The services of one replay, running. */
export interface ReplayInstallation {
  readonly data: Embedded;
  readonly registry: EmbeddedRegistry;
  /** Rejects when a part has stopped for good. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Starts what one replay needs: every service in its environment, and the registry. No console, nothing live. */
export async function startReplayInstallation(options: ReplayInstallationOptions): Promise<ReplayInstallation> {
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(options: ReplayInstallationOptions, closers: Closers): Promise<ReplayInstallation> {
  const { settings, folder, logger, environment: name } = options;
  const data = await openData(folder, 'to throw it away');
  closers.add(() => data.close());
  await data.log.createTopics(topicSettings(name, settings.partitions, 'replay'));
  const key = await installationKey(folder, settings.installationKey);
  const registry = await EmbeddedRegistry.open(new AliasFile(dataPaths(folder).registry), () => systemClock.nowMs());
  const server = await startHttpServer({
    ...{ settings, port: 0, logger: nestLogger(logger) },
    modules: [RegistryModule.of(registry, [name])],
  });
  closers.add(() => server.close());
  const environment = await startCore({
    ...{ name, time: 'replay', log: data.log, store: data.store, key, logger },
    metrics: new StreamMetrics(new Metrics('replay')),
    ...{ partitions: settings.partitions, tickMs: settings.tickMs, expireAfterMs: settings.expireAfterMs },
    // Replayed rows pass no door.
    collector: { key },
    registry: { url: `${server.address}/registry/${name}`, token: settings.token ?? null },
    ...{ channels: options.channels, stdout: options.stdout as NodeJS.WriteStream, timeoutMs: settings.timeoutMs },
  });
  closers.add(() => environment.close());
  const failed = Promise.race<never>([data.failed, environment.failed]);
  failed.catch((error: unknown) => logger.fatal({ err: error }, 'a part has stopped for good'));
  return { data, registry, failed, close: () => closers.close() };
}
