import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { catchingUpSentence } from '@moola/streams/task/catching-up';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { ApiTokens } from '../auth/api-tokens/api-tokens.js';
import { installationKey } from '../dead-letters/installation-key.js';
import { Health } from '../health/health.js';
import { OperationsModule } from '../health/operations.module.js';
import { Probe } from '../health/probe.js';
import { startHttpServer } from '../http/http-server.js';
import { nestLogger, type Logger } from '../logging/logger.js';
import { ConnectionMetrics } from '../metrics/connection-metrics.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { Metrics } from '../metrics/metrics.js';
import { StreamMetrics } from '../metrics/stream-metrics.js';
import type { SettingsSpec } from '../settings/settings.js';
import { installationTopicSettings, topicSettings } from '../topics/topic-settings.js';
import { startTracing } from '../tracing/tracing.js';
import { Closers } from './closers.js';
import { comingStreams, openStreams, type ComingStreams, type Streams } from './open-streams.js';
import type { ServiceSettings } from './read-service-settings.js';
import { joiningSentence, runEnvironment, waitingSentence } from './run-environment.js';
import type { Service, ServiceContext, Variables } from './service.js';

const topicsEveryMs = 60_000;
const checkWithinMs = 15_000;
const closedWithinMs = 2_000;

/**
 * Runs a service until `stop` aborts, or until a part of it has stopped for good.
 * @returns the exit code
 */
export async function serve<S extends SettingsSpec>(
  service: Service<S>,
  read: ReadSettings<S>,
  logger: Logger,
  stop: AbortController,
): Promise<number> {
  const { settings } = read;
  const closers = new Closers();
  try {
    const tracing = await startTracing(`moola-${service.name}`, settings.traceEndpoint);
    closers.add(() => tracing.stop());
    return await run(service, read, { logger, closers, stop });
  } finally {
    await closers.close();
  }
}

/**
 * Connects and compares the topics, and makes none.
 * @param withinMs services wait for a Kafka that does not answer, people for so long
 * @throws what is wrong, in words
 */
export async function checkService<S extends SettingsSpec>(
  service: Service<S>,
  { settings }: ReadSettings<S>,
  logger: Logger,
  withinMs = checkWithinMs,
): Promise<void> {
  const streams = await openStreams(settings, `moola-${service.name}`, logger);
  const end = new AbortController();
  try {
    const kafka = new Probe({ name: 'Kafka', ask: streams.askKafka });
    void kafka.run(end.signal);
    const topics = expectTopics(streams, settings);
    const tooLate = delay(withinMs, undefined, { signal: end.signal }).then(() => {
      const reason = kafka.reason() ?? 'Kafka answers, and does not describe its topics';
      throw new Error(`${reason}. Check that it runs, and MOOLA_KAFKA_BROKERS (waited ${withinMs / 1000} s)`);
    });
    for (const either of [topics, tooLate]) either.catch(() => undefined);
    await Promise.race([topics, tooLate]);
  } finally {
    end.abort();
    // A client of a Kafka that never answered may go on waiting for it.
    await Promise.race([streams.close(), delay(closedWithinMs)]);
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
  { logger, closers, stop }: Running,
): Promise<number> {
  const { environments } = settings;
  const needsStore = service.needs !== 'log to read';
  const metrics = new Metrics(service.name);
  const connections = new ConnectionMetrics(metrics);
  const streams = comingStreams(settings, `moola-${service.name}`, logger, connections);
  closers.add(() => streams.close());
  const { log, store } = streams;
  const key = await installationKey('', settings.installationKey);
  const apiTokens = new ApiTokens({
    log,
    key,
    clock: systemClock,
    ignored: (problem) => logger.warn({ problem }, problem),
  });
  const reading = new AbortController();
  // Every followed partition listens to it.
  setMaxListeners(0, reading.signal);
  const kafka = new Probe({ name: 'Kafka', ask: streams.askKafka });
  const redis = new Probe({ name: 'Redis', ask: streams.askRedis });
  connections.watch(needsStore ? { kafka, redis } : { kafka });
  let becomeReady!: () => void;
  const ready = new Promise<void>((resolve) => (becomeReady = resolve));
  const health = healthOf({ kafka, redis, needsStore });
  const context: ServiceContext<S> = {
    ...{ settings, variables, health, environments, log, store, key, logger, metrics, ready, apiTokens },
    ...{ signal: reading.signal, logAway: () => kafka.reason() },
  };
  const parts = (await service.parts?.(context)) ?? {};
  const server = await startHttpServer({
    ...{ settings, port: settings.port, logger: nestLogger(logger), metrics: new HttpMetrics(metrics), apiTokens },
    audit: (entry) => logger.info({ audit: entry }, 'audit'),
    modules: [OperationsModule.of(health, metrics), ...(parts.modules ?? [])],
    routes: parts.routes ?? [],
  });
  closers.add(() => server.close());
  closers.add(async () => reading.abort());
  logger.info({ address: server.address }, 'listening');
  for (const probe of needsStore ? [kafka, redis] : [kafka]) void probe.run(reading.signal);

  let isRunning = false;
  const start = async (): Promise<never> => {
    if (needsStore) await streams.openStore(stop.signal);
    await prepareTopics(streams, settings);
    becomeReady();
    const streamMetrics = new StreamMetrics(metrics);
    const failures: Promise<never>[] = [];
    for (const environment of environments) {
      if (stop.signal.aborted) break;
      const dependencies = { ...environment, log, store, key, tickMs: settings.tickMs, logger, metrics: streamMetrics };
      const running = await runEnvironment(dependencies, service.streams(environment, context));
      closers.add(() => running.close());
      health.watch(
        environment.name,
        () =>
          joiningSentence(running.joining()) ??
          waitingSentence(running.standings()) ??
          catchingUpSentence(running.behind()),
      );
      failures.push(running.failed);
    }
    void watchTopics(streams, settings, { metrics, logger, signal: reading.signal });
    isRunning = true;
    health.ready('services');
    logger.info({ address: server.address, environments }, 'running');
    return Promise.race([...failures, new Promise<never>(() => undefined)]);
  };
  const others = [...(parts.running ?? []), ready.then(() => apiTokens.follow(reading.signal))].map((part) =>
    part.then(() => new Promise<never>(() => undefined)),
  );
  let exitCode = 0;
  void Promise.race([start(), ...others]).catch((error: unknown) => {
    if (stop.signal.aborted) return;
    exitCode = 1;
    health.failed('services', error);
    const how = isRunning ? 'a part has stopped for good' : `could not start: ${(error as Error).message}`;
    logger.fatal({ err: error }, how);
    // What is in hand is finished as when the process is told to end, and within the same time.
    stop.abort();
  });
  if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  return exitCode;
}

/** What the process says of itself, before anything has answered it. */
function healthOf(parts: { readonly kafka: Probe; readonly redis: Probe; readonly needsStore: boolean }): Health {
  const { kafka, redis, needsStore } = parts;
  const health = new Health();
  health.notReady('services', 'starting');
  if (needsStore) {
    health.watch('Kafka', () => kafka.reason());
    health.watch('Redis', () => redis.reason());
  } else {
    health.remark('Kafka', () => {
      const reason = kafka.reason();
      return reason === null ? null : `what is shown may be old, and nothing can be written: ${reason}`;
    });
  }
  return health;
}

/** Makes what is missing, if it may, and compares the rest. */
async function prepareTopics(streams: ComingStreams, settings: ServiceSettings<SettingsSpec>): Promise<void> {
  if (settings.createTopics) await streams.log.createTopics(topicsOf(settings));
  await expectTopics(streams, settings);
}

/** What somebody changes about topics while they are read is said once, with what to do. */
async function watchTopics(
  streams: Streams,
  settings: ServiceSettings<SettingsSpec>,
  parts: { readonly metrics: Metrics; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const { metrics, logger, signal } = parts;
  const found = metrics.gauge({
    name: 'moola_topic_problems',
    help: 'Differences between the topics and how they must be: the log names each, with what to do.',
  });
  const told = new Set<string>();
  found.set(0);
  while (!signal.aborted) {
    await delay(topicsEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    const problems = signal.aborted ? [] : await streams.checkTopics(topicsOf(settings)).catch(() => null);
    if (problems === null) continue;
    found.set(problems.length);
    for (const problem of problems) {
      if (!told.has(problem)) logger.warn({ problem }, `the topics are not as they must be: ${problem}`);
      told.add(problem);
    }
  }
}

async function expectTopics(streams: Streams, settings: ServiceSettings<SettingsSpec>): Promise<void> {
  const problems = await streams.checkTopics(topicsOf(settings));
  if (problems.length > 0) throw new Error(`the topics are not as they must be:\n  ${problems.join('\n  ')}`);
}

function topicsOf({ environments, partitions, telemetryPartitions }: ServiceSettings<SettingsSpec>) {
  return [
    ...installationTopicSettings(),
    ...environments.flatMap(({ name, time }) => topicSettings(name, partitions, time, telemetryPartitions)),
  ];
}
