import { installationKey } from '@moola/platform/dead-letters/installation-key';
import { startHttpServer } from '@moola/platform/http/http-server';
import { nestLogger } from '@moola/platform/logging/logger';
import { Closers } from '@moola/platform/service/closers';
import { topicSettings } from '@moola/platform/topics/topic-settings';
import { systemClock } from '@moola/streams/adapters/system-clock';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { TaskLimits } from '@moola/streams/task/task-limits';
import { AliasFile } from '../registry/alias-file.js';
import { EmbeddedRegistry } from '../registry/embedded-registry.js';
import { RegistryModule } from '../registry/registry.module.js';
import { startCore } from './core.js';
import { dataPaths } from './data-paths.js';
import type { InstallationOptions } from './installation.js';

export interface ReplayInstallationOptions extends Pick<
  InstallationOptions,
  'settings' | 'folder' | 'channels' | 'stdout' | 'logger'
> {
  readonly environment: string;
  /** Where records and checkpoints lie. They are closed by whoever has opened them. */
  readonly log: EventLog;
  readonly store: CheckpointStore;
}

/**
 * A task saves only so that what it has read need not be kept: a replay never goes on where it stopped, but a row that
 * cannot be applied takes its task back to its last checkpoint.
 */
const limits: Partial<TaskLimits> = { checkpointBytes: 1024 * 1024 };

/** The services of one replay, running. */
export interface ReplayInstallation {
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
  const { settings, folder, logger, environment: name, log, store } = options;
  await log.createTopics(topicSettings(name, settings.partitions, 'replay'));
  const key = await installationKey(folder, settings.installationKey);
  const registry = await EmbeddedRegistry.open(new AliasFile(dataPaths(folder).registry), () => systemClock.nowMs());
  const server = await startHttpServer({
    ...{ settings, port: 0, logger: nestLogger(logger) },
    modules: [RegistryModule.of(registry, [name])],
  });
  closers.add(() => server.close());
  const environment = await startCore({
    ...{ name, time: 'replay', log, store, key, logger, limits, metrics: null },
    ...{ partitions: settings.partitions, tickMs: settings.tickMs, expireAfterMs: settings.expireAfterMs },
    // Replayed rows pass no door.
    collector: { key },
    registry: { url: `${server.address}/registry/${name}`, token: settings.token ?? null },
    ...{ channels: options.channels, stdout: options.stdout as NodeJS.WriteStream, timeoutMs: settings.timeoutMs },
  });
  closers.add(() => environment.close());
  const { failed } = environment;
  failed.catch((error: unknown) => logger.fatal({ err: error }, 'a part has stopped for good'));
  return { registry, failed, close: () => closers.close() };
}
