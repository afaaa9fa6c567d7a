import { setMaxListeners } from 'node:events';
import { ChangeFeed } from '@moola/console/api/change-feed';
import { ConsoleModule } from '@moola/console/console.module';
import { DeadLetters } from '@moola/console/dead-letters/dead-letters';
import { FoldMetrics } from '@moola/console/read-model/fold-metrics';
import { EnvironmentFold } from '@moola/console/read-model/environment-fold';
import { HistoryMetrics } from '@moola/console/history/history-metrics';
import { historiesOf } from '@moola/console/history/open-histories';
import { servePage } from '@moola/console/serve-page';
import { EventsEndpoint } from '@moola/collector/ingest-http/events-endpoint';
import { installEventsRoute } from '@moola/collector/ingest-http/install-events-route';
import { InfrastructureMetrics } from '@moola/collector/infrastructure/infrastructure-metrics';
import type { PrometheusServers } from '@moola/collector/infrastructure/prometheus-servers';
import { RememberedModels } from '@moola/collector/join/remembered-models';
import { IngestService } from '@moola/collector/receive/ingest-service';
import { anonymisedBy, type AnonymisationKey } from '@moola/collector/receive/identifier-hash';
import { ModelAdmission } from '@moola/collector/receive/model-admission';
import { ReceiveMetrics } from '@moola/collector/receive/receive-metrics';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { ConfiguredChannels } from '@moola/notifier/send/channel-settings';
import { SendMetrics } from '@moola/notifier/send/send-metrics';
import type { NotifierSettings } from '@moola/notifier/notifier-settings';
import { ApiTokens } from '@moola/platform/auth/api-tokens/api-tokens';
import { installationKey } from '@moola/platform/dead-letters/installation-key';
import { Health } from '@moola/platform/health/health';
import { OperationsModule } from '@moola/platform/health/operations.module';
import { nestLogger, type Logger } from '@moola/platform/logging/logger';
import { HttpMetrics } from '@moola/platform/metrics/http-metrics';
import { Metrics } from '@moola/platform/metrics/metrics';
import { StreamMetrics } from '@moola/platform/metrics/stream-metrics';
import { ActMetrics } from '@moola/responder/act/act-metrics';
import { Closers } from '@moola/platform/service/closers';
import type { ProcessSettings } from '@moola/platform/settings/process-settings';
import type { Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import { systemClock } from '@moola/streams/adapters/system-clock';
import type { RunningEnvironment } from '@moola/streams/nest/start-environment';
import { incidentUrl } from '@moola/wording/incident-url';
import { installationTopicSettings, topicSettings } from '@moola/platform/topics/topic-settings';
import { AliasFile } from '../registry/alias-file.js';
import { EmbeddedRegistry } from '../registry/embedded-registry.js';
import { RegistryModule } from '../registry/registry.module.js';
import { followIncidents } from '../story/follow-incidents.js';
import { PostMortemFiles } from '../story/post-mortem-files.js';
import { startCore } from './core.js';
import { openData } from './data-folder.js';
import { dataPaths } from './data-paths.js';
import { startHttpServer } from '@moola/platform/http/http-server';
import { retryDeadLetter } from './retry-dead-letter.js';

/** The environment of whatever a user sends. */
export const liveEnvironment = 'live';

export interface InstallationOptions {
  readonly settings: ProcessSettings & NotifierSettings;
  readonly folder: string;
  readonly port: number;
  readonly begin: 'anew' | 'where it stopped';
  /** The environment of a replay beside `live`, or none. */
  readonly replayEnvironment: string | null;
  readonly channels: ConfiguredChannels;
  /** That definitions of kind Infrastructure may name. @default none */
  readonly prometheusServers?: PrometheusServers;
  readonly stdout: NodeJS.WritableStream;
  readonly logger: Logger;
}

/** Everything of one process, running. */
export interface Installation {
  readonly address: string;
  /** `GET /healthz`, …: every route that is served. */
  readonly routes: readonly string[];
  readonly data: Embedded;
  readonly registry: EmbeddedRegistry;
  readonly folds: ReadonlyMap<string, EnvironmentFold>;
  /** Replaces identifiers, in every environment. */
  readonly anonymisation?: AnonymisationKey;
  /** Rejects when a part has stopped for good. */
  readonly failed: Promise<never>;
  /** Checkpoints, flushes, lets go of everything. */
  close(): Promise<void>;
}

/** Starts the log, the store, the services of every environment, the console, in one process. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(options: InstallationOptions, closers: Closers): Promise<Installation> {
  const { settings, folder, logger, replayEnvironment } = options;
  const data = await openData(folder, options.begin);
  closers.add(() => data.close());
  const times: [string, EnvironmentTime][] = [[liveEnvironment, 'wall']];
  if (replayEnvironment !== null) times.push([replayEnvironment, 'replay']);
  await data.log.createTopics(installationTopicSettings());
  for (const [name, time] of times) await data.log.createTopics(topicSettings(name, settings.partitions, time));
  const key = await installationKey(folder, settings.installationKey);
  const apiTokens = new ApiTokens({
    ...{ log: data.log, key, clock: systemClock },
    ignored: (problem) => logger.warn({ problem }, problem),
  });
  await apiTokens.read();
  const registry = await EmbeddedRegistry.open(new AliasFile(dataPaths(folder).registry), () => systemClock.nowMs());
  const anonymised = anonymisedBy(settings.anonymisationKey);
  const remembered = new RememberedModels();
  const folds = times.map(([name]) => new EnvironmentFold(name));
  const metrics = new Metrics('standalone');
  new FoldMetrics(metrics, folds, new Set(replayEnvironment === null ? [] : [replayEnvironment]));
  const histories = historiesOf(
    settings,
    folder,
    times.map(([name]) => name),
    logger,
  );
  new HistoryMetrics(metrics, histories);
  const receiveMetrics = new ReceiveMetrics(metrics);
  const models = new ModelAdmission({
    most: settings.maximumUndeclaredModels,
    counts: receiveMetrics.ofModels,
    known: folds.find(({ environment }) => environment === liveEnvironment)?.models ?? new Map(),
  });
  await models.read(data.log, liveEnvironment);
  const ingest = await IngestService.open({
    ...{ log: data.log, environment: liveEnvironment, key, origin: 'http', remembered },
    ...anonymised,
    models,
    refusedFor: (reason) => receiveMetrics.refusedAt(liveEnvironment, 'http')(reason),
  });
  const feed = new ChangeFeed(folds, { maximumListeners: settings.maximumListeners });
  closers.add(async () => feed.close());
  const letters = new DeadLetters(
    times.map(([name]) => name),
    data.log,
    key,
    (_environment, letter, payload) => retryDeadLetter(ingest, letter, payload, systemClock.nowMs()),
  );
  const health = new Health();
  health.notReady('services', 'starting');
  for (const each of histories.all()) health.remark(`history of ${each.environment}`, () => each.remark);
  health.watch('ingestion', () => data.shortOfSpace());
  const server = await startHttpServer({
    ...{ settings, port: options.port, logger: nestLogger(logger), metrics: new HttpMetrics(metrics), apiTokens },
    audit: (entry) => logger.info({ audit: entry }, 'audit'),
    routes: [
      (fastify) => installEventsRoute(fastify, new EventsEndpoint(ingest, systemClock), liveEnvironment, settings),
      servePage,
    ],
    modules: [
      OperationsModule.of(health, metrics),
      ConsoleModule.of(
        data.log,
        folds,
        feed,
        letters,
        settings.publicUrl,
        settings.maximumVersionsInMetrics,
        apiTokens,
        histories,
      ),
      RegistryModule.of(
        registry,
        times.map(([name]) => name),
      ),
    ],
  });
  closers.add(() => server.close());

  const reading = new AbortController();
  // Every followed partition listens to it.
  setMaxListeners(0, reading.signal);
  const remembering: Promise<void>[] = histories.all().map((each) => each.run(data.log, reading.signal));
  closers.add(async () => {
    reading.abort();
    await Promise.all(remembering);
  });
  const running: Promise<unknown>[] = [
    ...folds.map((fold) => fold.run(data.log, reading.signal)),
    letters.run(reading.signal),
    apiTokens.follow(reading.signal),
    models.follow(data.log, liveEnvironment, reading.signal),
    ...folds.map((fold) => {
      const name = fold.environment;
      const files = new PostMortemFiles(dataPaths(folder).postMortems(name), {
        urlOf: (incident) => incidentUrl(settings.publicUrl, name, incident),
        calendar: () => fold.calendar,
      });
      const write = (event: IncidentEvent) =>
        void files
          .write(event)
          .catch((error: unknown) => logger.error({ err: error }, 'a post-mortem could not be written'));
      return followIncidents(data.log, name, write, reading.signal);
    }),
  ];
  const streamMetrics = new StreamMetrics(metrics);
  const sendMetrics = new SendMetrics(metrics);
  const actMetrics = new ActMetrics(metrics);
  const environments: RunningEnvironment[] = [];
  const infrastructure = {
    servers: options.prometheusServers ?? new Map<string, never>(),
    metrics: new InfrastructureMetrics(metrics),
  };
  const fromOutside = (name: string) => ({
    mostUndeclaredModels: settings.maximumUndeclaredModels,
    refusedByJoin: receiveMetrics.refusedByJoin(name),
  });
  for (const [name, time] of times) {
    const ownRegistry = { url: `${server.address}/registry/${name}`, token: settings.token ?? null };
    const { registryUrl, registryToken } = settings;
    const environment = await startCore({
      ...{ name, time, log: data.log, store: data.store, key, logger, metrics: streamMetrics },
      ...{ partitions: settings.partitions, tickMs: settings.tickMs, expireAfterMs: settings.expireAfterMs },
      collector: {
        ...{ key, ...receiveMetrics.of(name), ...anonymised },
        ...(name === liveEnvironment && { remembered, fromOutside: fromOutside(name), infrastructure }),
      },
      registry: time === 'wall' && registryUrl ? { url: registryUrl, token: registryToken ?? null } : ownRegistry,
      ...{ channels: options.channels, stdout: options.stdout as NodeJS.WriteStream, timeoutMs: settings.timeoutMs },
      publicUrl: settings.publicUrl,
      ...{ attempted: sendMetrics.of(name), acted: actMetrics.of(name) },
    });
    closers.add(() => environment.close());
    environments.push(environment);
  }
  health.ready('services');

  const failed = Promise.race<never>([
    data.failed,
    ...environments.map((environment) => environment.failed),
    ...running.map((part) => part.then(() => new Promise<never>(() => undefined))),
  ]);
  failed.catch((error: unknown) => {
    health.failed('services', error);
    logger.fatal({ err: error }, 'a part has stopped for good');
  });
  return {
    ...{ address: server.address, routes: server.routes, data, registry, failed },
    ...anonymised,
    folds: new Map(folds.map((fold) => [fold.environment, fold])),
    close: () => closers.close(),
  };
}
