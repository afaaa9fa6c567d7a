import 'reflect-metadata';
import { setMaxListeners } from 'node:events';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { IncidentEventSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Command } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { ApiTokens } from '@moola/platform/auth/api-tokens/api-tokens';
import { startHttpServer } from '@moola/platform/http/http-server';
import { installationTopicSettings } from '@moola/platform/topics/topic-settings';
import { decodeBatch, externalBatch, type ExternalRow } from '@moola/streams/processor/batch-codec';
import { openEmbedded } from '@moola/streams/adapters/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import type { EventLog } from '@moola/streams/ports/event-log';
import { ChangeFeed, type ChangeFeedOptions } from '../api/change-feed.js';
import { ConsoleModule } from '../console.module.js';
import { DeadLetters, type Retry } from '../dead-letters/dead-letters.js';
import { DuckDbFile } from '../history/duckdb/duckdb-file.js';
import { EnvironmentHistory } from '../history/environment-history.js';
import { Histories } from '../history/histories.js';
import { EnvironmentFold } from '../read-model/environment-fold.js';
import { follow } from '../read-model/follow.js';
import type { ReplayView } from '../read-model/environment-views.js';

export interface ConsoleServerOptions {
  readonly environments: readonly string[];
  /** Without it, no request needs a token. */
  readonly token?: string;
  /** The clock by which tokens expire. @default the wall's */
  readonly nowMs?: () => number;
  /** Where browsers reach the console. */
  readonly publicUrl?: string;
  /** @default everything is accepted when it is tried again */
  readonly retry?: Retry;
  /** @default 500 */
  readonly versionsInMetrics?: number;
  readonly feed?: Partial<ChangeFeedOptions>;
  /** @default there is none */
  readonly history?: true;
  /** What the API is given instead of the log itself. */
  readonly around?: (log: EventLog) => EventLog;
}

type IncidentEventInit = MessageInitShape<typeof IncidentEventSchema>;

const followed = [topics.snapshots, topics.kpis, topics.signals, topics.incidents, topics.deadLetters];

/** Seals the dead letters of tests. */
export const testKey = Buffer.alloc(32, 7);

const acceptAll: Retry = async () => [{ event: '#1', accepted: true, detail: '' }];

/** The console's API on a free port, over a log of its own that a test writes. */
export class ConsoleServer {
  private constructor(
    readonly url: string,
    readonly log: EventLog,
    /** `GET /api/v1/environments`, …: all that is served. */
    readonly routes: readonly string[],
    private readonly folds: ReadonlyMap<string, EnvironmentFold>,
    readonly histories: Histories,
    private readonly letters: DeadLetters,
    /** Named tokens, of a server that was started with a token. */
    readonly apiTokens: ApiTokens,
    private readonly stop: AbortController,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(options: ConsoleServerOptions): Promise<ConsoleServer> {
    const { environments } = options;
    const folder = await temporaryFolder();
    const embedded = await openEmbedded({ folder: folder.path });
    const { log } = embedded;
    await log.createTopics(installationTopicSettings());
    await log.createTopics(
      environments.flatMap((environment) =>
        [...followed, topics.definitions].map((topic) => ({
          ...{ name: topicName(environment, topic), partitions: 1, retentionMs: null, retentionBytes: null },
        })),
      ),
    );
    const stop = new AbortController();
    // Each followed partition listens.
    setMaxListeners(0, stop.signal);
    const folds = environments.map((environment) => new EnvironmentFold(environment));
    const letters = new DeadLetters(environments, log, testKey, options.retry ?? acceptAll);
    const running = Promise.all([...folds.map((fold) => fold.run(log, stop.signal)), letters.run(stop.signal)]);

    const histories = new Histories(
      options.history
        ? environments.map((environment) => {
            const file = new DuckDbFile({
              folder: `${folder.path}/history`,
              environment,
              memoryMib: 64,
              nowMs: () => 0,
            });
            const rest = { writeEveryMs: 1, retryAfterMs: 50, nowMs: () => 0, warn: () => undefined };
            return new EnvironmentHistory({ environment, file, mostBytes: 1e12, ...rest });
          })
        : [],
    );
    const remembering = Promise.all(histories.all().map((each) => each.run(log, stop.signal)));
    const feed = new ChangeFeed(folds, { maximumListeners: 100, ...options.feed });
    const clock = { nowMs: options.nowMs ?? Date.now };
    const apiTokens = new ApiTokens({ log, key: testKey, clock });
    const following = apiTokens.follow(stop.signal);
    const server = await startHttpServer({
      settings: {
        ...{ host: '127.0.0.1', token: options.token, publicUrl: undefined },
        ...{ allowedHosts: [], requestTimeoutMs: 30_000 },
      },
      ...{ port: 0, logger: false, apiTokens },
      modules: [
        ConsoleModule.of(
          options.around?.(log) ?? log,
          folds,
          feed,
          letters,
          options.publicUrl,
          options.versionsInMetrics ?? 500,
          apiTokens,
          histories,
        ),
      ],
    });
    const byName = new Map(folds.map((fold) => [fold.environment, fold]));
    return new ConsoleServer(
      server.address,
      log,
      server.routes,
      byName,
      histories,
      letters,
      apiTokens,
      stop,
      async () => {
        feed.close();
        await server.close();
        await running;
        await remembering;
        await following;
        await embedded.close();
        await folder.remove();
      },
    );
  }

  /** Appends events of incidents, and waits until the API shows them. */
  async incidentEvents(environment: string, events: readonly IncidentEventInit[]): Promise<void> {
    const rows = events.map((event) => create(IncidentEventSchema, event));
    await this.append(
      environment,
      topics.incidents,
      rows.map((value) => ({ kind: 'data', value })),
    );
    await eventually('the console shows the incidents', () =>
      rows.every(({ incident, number }) => {
        const fold = this.fold(environment).incidents.get(incident);
        return fold !== undefined && fold.summaryView(null).number >= number;
      }),
    );
  }

  /** Appends dead letters, and waits until the API shows them. */
  async deadLetters(environment: string, rows: readonly DeadLetter[]): Promise<void> {
    await this.append(
      environment,
      topics.deadLetters,
      rows.map((value) => ({ kind: 'data', value })),
    );
    await eventually('the console shows the dead letters', () => {
      const shown = this.letters.page(environment, 1000, null)?.deadLetters ?? [];
      return rows.every((row) => shown.some(({ id, atMs }) => id === row.id && atMs >= row.atMs));
    });
  }

  /** Appends rows and the tick that closes them, later than any before, and waits until the API knows both. */
  async facts<T>(environment: string, topic: Topic<T>, values: readonly T[], tickMs: number): Promise<void> {
    const rows = values.map((value) => ({ kind: 'data', value }) as const);
    await this.append(environment, topic, [...rows, { kind: 'tick', tickMs }]);
    await eventually('the console knows the facts', () => this.fold(environment).clockMs === tickMs);
    const at = { topic: topicName(environment, topic), partition: 0 };
    const { next } = await this.log.bounds(at);
    const history = this.histories.get(environment);
    if (history !== undefined) await eventually('history knows them', () => history.hasWritten(topic.name, 0, next));
  }

  /** What a console that starts now makes of the log. */
  async foldAgain(environment: string): Promise<EnvironmentFold> {
    const fold = new EnvironmentFold(environment);
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const running = fold.run(this.log, stop.signal);
    await eventually('it has read what there is', () => fold.view().caughtUp);
    stop.abort();
    await running;
    return fold;
  }

  /** How far the replay of an environment is. */
  replays(environment: string, view: ReplayView): void {
    this.fold(environment).replay = () => view;
  }

  /** Time is a record: this one. */
  async tick(environment: string, tickMs: number): Promise<void> {
    await this.append(environment, topics.signals, [{ kind: 'tick', tickMs }]);
    await eventually('the console knows the time', () => (this.fold(environment).clockMs ?? 0) >= tickMs);
  }

  /** What stands in a topic's only partition. */
  async rows<T>(environment: string, topic: Topic<T>): Promise<T[]> {
    const { records } = await this.log.read({ topic: topicName(environment, topic), partition: 0 }, 0, 1 << 20);
    return records.flatMap(({ value }) => decodeBatch(value, topic.codec).data);
  }

  /** Answers every command as a responder would: with an event of its incident. */
  answerCommands(environment: string, answer: (command: Command) => IncidentEventInit): void {
    const at = { topic: topicName(environment, topics.signals), partition: 0 };
    const idle = { tick: () => undefined, progress: () => undefined };
    void follow(
      this.log,
      at,
      topics.signals,
      {
        ...idle,
        data: ({ kind }) => {
          if (kind.case !== 'command') return;
          const value = create(IncidentEventSchema, { incident: kind.value.incident, ...answer(kind.value) });
          void this.append(environment, topics.incidents, [{ kind: 'data', value }]);
        },
      },
      this.stop.signal,
    );
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.end();
  }

  private async append<T>(environment: string, topic: Topic<T>, rows: readonly ExternalRow<T>[]): Promise<void> {
    await this.log.append({ topic: topicName(environment, topic), partition: 0 }, externalBatch(topic, rows));
  }

  fold(environment: string): EnvironmentFold {
    const fold = this.folds.get(environment);
    if (fold === undefined) throw new Error(`the test asks for environment ${environment}, which it did not start`);
    return fold;
  }
}
