import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { startHttpServer, type HttpServer } from '@moola/platform/http/http-server';
import { decodeBatch } from '@moola/streams/processor/batch-codec';
import type { Clock } from '@moola/streams/ports/clock';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { RememberedModels } from '../../join/remembered-models.js';
import { IngestService } from '../../receive/ingest-service.js';
import { ModelAdmission } from '../../receive/model-admission.js';
import { EventsEndpoint } from '../events-endpoint.js';
import { installEventsRoute, type EventsRouteLimits } from '../install-events-route.js';

/** The present of these tests. */
export const now = new Date('2026-03-01T12:00:00Z');
export const installationKey = Buffer.alloc(32, 7);
export const partitions = 4;

const environment = 'test';
const fixedClock: Clock = { nowMs: () => now.getTime(), after: () => () => undefined };

export interface EventsServerOptions {
  readonly limits?: Partial<EventsRouteLimits>;
  readonly remembered?: RememberedModels;
  /** Without it, no request needs one. */
  readonly token?: string;
  /** Models that nobody declared, of which events are taken. @default all */
  readonly mostUndeclaredModels?: number;
  /** Stands between the door and the log. */
  readonly through?: (log: EventLog) => EventLog;
  readonly aroundFlush?: (flush: () => Promise<void>) => Promise<void>;
}

/** A collector that listens on a port, on a log in a folder of its own. */
export class EventsServer {
  private constructor(
    readonly url: string,
    private readonly server: HttpServer,
    private readonly embedded: Embedded,
    private readonly folder: string,
  ) {}

  static async start({
    limits,
    remembered,
    token,
    mostUndeclaredModels = Infinity,
    through,
    aroundFlush,
  }: EventsServerOptions = {}): Promise<EventsServer> {
    const folder = await mkdtemp(join(tmpdir(), 'moola-events-'));
    const embedded = await openEmbedded({ folder, reserveBytes: 0, ...(aroundFlush && { aroundFlush }) });
    const settings = { retentionMs: null, retentionBytes: null };
    await embedded.log.createTopics([
      { name: topicName(environment, topics.intake), partitions, ...settings },
      { name: topicName(environment, topics.deadLetters), partitions: 1, ...settings },
    ]);
    const log = through ? through(embedded.log) : embedded.log;
    const models = new ModelAdmission({ most: mostUndeclaredModels });
    const ingest = await IngestService.open({
      ...{ log, environment, key: installationKey, origin: 'http', models },
      ...(remembered && { remembered }),
    });
    const every = { maximumBodyBytes: 64 * 1024, maximumBytesInFlight: 1024 * 1024, ...limits };
    const server = await startHttpServer({
      settings: { host: '127.0.0.1', token, publicUrl: undefined, allowedHosts: [], requestTimeoutMs: 30_000 },
      ...{ port: 0, logger: false, modules: [] },
      routes: [(fastify) => installEventsRoute(fastify, new EventsEndpoint(ingest, fixedClock), environment, every)],
    });
    return new EventsServer(`${server.address}/v1/events`, server, embedded, folder);
  }

  post(body: string | Uint8Array, contentType: string, query = ''): Promise<Response> {
    return fetch(this.url + query, { method: 'POST', headers: { 'content-type': contentType }, body });
  }

  postJson(value: unknown, query = ''): Promise<Response> {
    return this.post(JSON.stringify(value), 'application/json', query);
  }

  /** The rows of each partition of `intake`. */
  async intake(): Promise<IntakeRow[][]> {
    return Promise.all(Array.from({ length: partitions }, (_, partition) => this.rowsOf(topics.intake, partition)));
  }

  deadLetters(): Promise<DeadLetter[]> {
    return this.rowsOf(topics.deadLetters, 0);
  }

  /** How many records a partition of `intake` holds. */
  async records(partition: number): Promise<number> {
    return (await this.embedded.log.bounds({ topic: topicName(environment, topics.intake), partition })).next;
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.embedded.close();
    await rm(this.folder, { recursive: true });
  }

  private async rowsOf<T>(topic: Topic<T>, partition: number): Promise<T[]> {
    const at = { topic: topicName(environment, topic), partition };
    const { records } = await this.embedded.log.read(at, 0, 1e9);
    return records.flatMap(({ value }) => [...decodeBatch(value, topic.codec).data]);
  }
}
