import type { Variables } from '@moola/platform/service/service';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { runService } from '@moola/platform/service/run-service';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { CollectorModule } from './collector.module.js';
import { EventsEndpoint } from './ingest-http/events-endpoint.js';
import { installEventsRoute } from './ingest-http/install-events-route.js';
import { InfrastructureMetrics } from './infrastructure/infrastructure-metrics.js';
import {
  prometheusVariables,
  readPrometheusServers,
  type PrometheusServersResult,
} from './infrastructure/prometheus-servers.js';
import { IngestService } from './receive/ingest-service.js';
import { LateIngestService } from './receive/late-ingest-service.js';
import { anonymisedBy } from './receive/identifier-hash.js';
import { ModelAdmission } from './receive/model-admission.js';
import { ReceiveMetrics } from './receive/receive-metrics.js';

let receiveMetrics: ReceiveMetrics | undefined;
let infrastructureMetrics: InfrastructureMetrics | undefined;

const serversOf = (environment: Variables): PrometheusServersResult =>
  readPrometheusServers({ environment, readFile: readSettingFile });

await runService({
  name: 'collector',
  text: 'takes events in, checks and joins them, and puts definitions into their order.',
  settings: {},
  otherVariables: prometheusVariables,
  problems(_settings, variables) {
    const servers = serversOf(variables);
    return servers.ok ? [] : servers.problems;
  },
  streams({ name, time }, { key, settings, variables, metrics }) {
    receiveMetrics ??= new ReceiveMetrics(metrics);
    infrastructureMetrics ??= new InfrastructureMetrics(metrics);
    const read = serversOf(variables);
    const infrastructure = {
      servers: read.ok ? read.servers : new Map<string, never>(),
      metrics: infrastructureMetrics,
    };
    const { maximumUndeclaredModels: mostUndeclaredModels, anonymisationKey } = settings;
    const fromOutside = { mostUndeclaredModels, refusedByJoin: receiveMetrics.refusedByJoin(name) };
    return [
      CollectorModule.with({
        ...{ key, ...receiveMetrics.of(name), ...anonymisedBy(anonymisationKey) },
        ...(time === 'wall' && { fromOutside, infrastructure }),
      }),
    ];
  },
  // Events come into the first environment that has the time of the wall.
  async parts({ environments, log, key, settings, metrics, ready, logAway, signal }) {
    const live = environments.find(({ time }) => time === 'wall');
    if (live === undefined) return {};
    receiveMetrics ??= new ReceiveMetrics(metrics);
    const models = new ModelAdmission({ most: settings.maximumUndeclaredModels, counts: receiveMetrics.ofModels });
    const ingest = new LateIngestService(logAway);
    const options = {
      ...{ log, environment: live.name, key, origin: 'http', refusedFor: receiveMetrics.refusedAt(live.name, 'http') },
      ...anonymisedBy(settings.anonymisationKey),
      models,
    };
    const opened = ready.then(async () => {
      await models.read(log, live.name);
      ingest.is(await IngestService.open(options));
      await models.follow(log, live.name, signal);
    });
    const endpoint = new EventsEndpoint(ingest, systemClock);
    return { routes: [(fastify) => installEventsRoute(fastify, endpoint, live.name, settings)], running: [opened] };
  },
});
