import { setMaxListeners } from 'node:events';
import { catchingUpSentence } from '@moola/streams/catching-up';
import { installationKey } from '../dead-letters/installation-key.js';
import { Health } from '../health/health.js';
import { OperationsModule } from '../health/operations.module.js';
import { startHttpServer } from '../http/http-server.js';
import { nestLogger, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { StreamMetrics } from '../metrics/stream-metrics.js';
import type { SettingsSpec } from '../settings/settings.js';
import { topicSettings } from '../topics/topic-settings.js';
import { startTracing } from '../tracing/tracing.js';
import { Closers } from './closers.js';
import { openStreams, type Streams } from './open-streams.js';
import type { ServiceSettings } from './read-service-settings.js';
import { runEnvironment } from './run-environment.js';
import type { Service, ServiceContext, Variables } from './service.js';

/**
 * Runs a service until `stop` aborts, or until a part of it has stopped for good.
 * @returns the exit code
 */
export async function serve<S extends SettingsSpec>(
  service: Service<S>,
  read: ReadSettings<S>,
  logger: Logger,
  until: 'stopped' | 'checked',
  stop: AbortController,
): Promise<number> {
  const { settings } = read;
  const closers = new Closers();
  try {
    const tracing = await startTracing(`moola-${service.name}`, settings.traceEndpoint);
    closers.add(() => tracing.stop());
    const streams = await openStreams(settings, `moola-${service.name}`, logger);
    closers.add(() => streams.close());
    await prepareTopics(streams, settings, until);
    if (until === 'checked') return 0;
    return await run(service, read, streams, { logger, closers, stop });
  } finally {
    await closers.close();
  }
}

interface ReadSettings<S extends SettingsSpec> {
  readonly settings: ServiceSettings<S>;
  readonly variables: Variables;
}

interface Running {
  readonly logger: Logger;
  readonly closers: Closers;
  readonly stop: AbortController;
}

async function run<S extends SettingsSpec>(
  service: Service<S>,
  { settings, variables }: ReadSettings<S>,
  streams: Streams,
  { logger, closers, stop }: Running,
): Promise<number> {
  const { log, store } = streams;
  const { environments } = settings;
  const key = await installationKey('', settings.installationKey);
  const reading = new AbortController();
  // Every followed partition listens to it.
  setMaxListeners(0, reading.signal);
  const metrics = new Metrics(service.name);
  const context: ServiceContext<S> = {
    ...{ settings, variables, environments, log, store, key, logger, metrics },
    signal: reading.signal,
  };
  const parts = (await service.parts?.(context)) ?? {};
  const health = new Health();
  health.notReady('services', 'starting');
  const server = await startHttpServer({
    ...{ settings, port: settings.port, logger: nestLogger(logger) },
    modules: [OperationsModule.of(health, metrics), ...(parts.modules ?? [])],
    routes: parts.routes ?? [],
  });
  closers.add(() => server.close());
  closers.add(async () => reading.abort());
  const streamMetrics = new StreamMetrics(metrics);
  const failures: Promise<never>[] = [];
  for (const environment of environments) {
    const surroundings = { ...environment, log, store, key, tickMs: settings.tickMs, logger, metrics: streamMetrics };
    const running = await runEnvironment(surroundings, service.streams(environment, context));
    closers.add(() => running.close());
    health.watch(environment.name, () => catchingUpSentence(running.behind()));
    failures.push(running.failed);
  }
  for (const part of parts.running ?? []) failures.push(part.then(() => new Promise<never>(() => undefined)));
  health.ready('services');
  logger.info({ address: server.address, environments }, 'running');
  const stopped = new Promise<number>((resolve) => {
    if (stop.signal.aborted) resolve(0);
    stop.signal.addEventListener('abort', () => resolve(0));
  });
  const failed = Promise.race(failures).catch((error: unknown) => {
    if (stop.signal.aborted) return 0;
    health.failed('services', error);
    logger.fatal({ err: error }, 'a part has stopped for good');
    return 1;
  });
  return Promise.race([stopped, failed]);
}

/** Makes what is missing, if it may, and compares the rest. */
async function prepareTopics(
  streams: Streams,
  { environments, partitions, createTopics }: ServiceSettings<SettingsSpec>,
  until: 'stopped' | 'checked',
): Promise<void> {
  const topics = environments.flatMap(({ name, time }) => topicSettings(name, partitions, time));
  if (createTopics && until === 'stopped') await streams.log.createTopics(topics);
  const problems = await streams.checkTopics(topics);
  if (problems.length > 0) throw new Error(`the topics are not as they must be:\n  ${problems.join('\n  ')}`);
}
