import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { waitForAnswer } from '../../wait-for-answer.js';
import type { KafkaSasl } from '../kafka-settings.js';
import { ByteWriter } from '../records/byte-writer.js';

/**
 * The only file that knows kafkajs. Of its version 2.2.4 the connection is used (sockets, TLS, SASL, request queue, versions of
 * the API) and the codecs of the small requests; none of it is typed, so it gets its types here.
 * `kafkajs-client.spec.ts` fails when one of these parts is missing. Another client would replace this file.
 */
const require = createRequire(import.meta.url);
const Broker = require('kafkajs/src/broker') as new (options: object) => KafkaJsBroker;
const ConnectionPool = require('kafkajs/src/network/connectionPool') as new (options: object) => KafkaJsPool;
const createSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown;
const apiKeys = require('kafkajs/src/protocol/requests/apiKeys') as Readonly<
  Record<ApiName | 'Fetch' | 'Produce', number>
>;
const { requests } = require('kafkajs/src/protocol/requests') as { requests: Readonly<Record<ApiName, Definition>> };
const { errorCodes } = require('kafkajs/src/protocol/error') as {
  errorCodes: readonly { type: string; code: number }[];
};

interface Definition {
  readonly versions: readonly string[];
}

interface Payload {
  readonly buf: Buffer;
  readonly buffer: Buffer;
  size(): number;
}

interface ProtocolRequest {
  readonly request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<Payload> };
  readonly response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

/** A request that waits for its turn to be sent, or for its answer. */
interface QueuedRequest {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    resolve(answer: { readonly payload: Buffer }): void;
    reject(error: Error): void;
  };
  readonly expectResponse: boolean;
  readonly requestTimeout: number;
  sendRequest(): void;
}

interface KafkaJsConnection {
  readonly clientId: string;
  readonly requestQueue: {
    push(request: QueuedRequest): void;
    maybeThrottle(milliseconds: number): void;
    rejectAll(error: Error): void;
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
  };
  readonly socket?: Socket;
  isConnected(): boolean;
  isAuthenticated(): boolean;
  authenticate(): Promise<void>;
  failIfNotConnected(): void;
  nextCorrelationId(): number;
  send(request: ProtocolRequest): Promise<unknown>;
  disconnect(): Promise<unknown>;
}

interface KafkaJsPool {
  readonly pool: readonly KafkaJsConnection[];
}

interface KafkaJsBroker {
  readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>>;
  lookupRequest(key: number, definition: Definition): (parameters: object) => ProtocolRequest;
  connect(): Promise<void>;
}

/** Small requests, whose codecs are kafkajs's. */
export type ApiName =
  | 'Metadata'
  | 'ListOffsets'
  | 'GroupCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'InitProducerId'
  | 'CreateTopics'
  | 'DescribeConfigs';

/** A request whose codec is ours. */
export interface OwnRequest<Answer> {
  readonly name: 'Fetch' | 'Produce';
  readonly version: number;
  /** Its bytes, one part after the other. */
  readonly body: readonly Uint8Array[];
  /** How long the broker may take beyond the usual, in milliseconds. */
  readonly waitMs: number;
  /** What it throws closes the connection. */
  decode(payload: Buffer): Answer & { readonly throttleMs: number };
}

export interface ConnectionSettings {
  readonly clientId: string;
  readonly ssl: ConnectionOptions | null;
  readonly sasl: KafkaSasl | null;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const silent = { debug() {}, info() {}, warn() {}, error() {}, namespace: () => silent };

/** One connection to one broker. When it has failed it is not used again (kafkajs keeps the rest of a broken answer). */
export class KafkaConnection {
  private constructor(
    private readonly broker: KafkaJsBroker,
    private readonly pool: KafkaJsPool,
    private readonly requestTimeoutMs: number,
  ) {}

  /** @throws when the broker cannot be reached or refuses the credentials. */
  static async open({ host, port }: BrokerAddress, settings: ConnectionSettings): Promise<KafkaConnection> {
    const pool = new ConnectionPool({
      host,
      port,
      ssl: settings.ssl,
      sasl: settings.sasl,
      clientId: settings.clientId,
      connectionTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      // It would look at every connection ten times a second.
      enforceRequestTimeout: false,
      socketFactory: createSocketFactory(),
      logger: silent,
    });
    for (const { requestQueue } of pool.pool) looksOnlyWhenSomeWait(requestQueue);
    const broker = new Broker({ connectionPool: pool, logger: silent, allowAutoTopicCreation: false });
    const connection = new KafkaConnection(broker, pool, settings.requestTimeoutMs);
    try {
      await within(2 * settings.connectTimeoutMs, `connecting to ${host}:${port}`, broker.connect());
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.only.isConnected();
  }

  /** Sends a request whose parameters and answer have the names that kafkajs gives them; error codes are left to the caller. */
  async call<Answer>(name: ApiName, parameters: object): Promise<Answer> {
    const protocol = this.broker.lookupRequest(apiKeys[name], requests[name])(parameters);
    const response = { decode: protocol.response.decode, parse: asIs };
    return (await this.send({ ...protocol, response, logResponseError: false })) as Answer;
  }

  async callOwn<Answer>(request: OwnRequest<Answer>): Promise<Answer> {
    const { name, version, waitMs } = request;
    const range = this.broker.versions[apiKeys[name]];
    if (range === undefined || range.minVersion > version || range.maxVersion < version) {
      throw new Error(`the broker does not know version ${version} of ${name}: Kafka 2.3 or later is needed`);
    }
    const payload = await within(this.requestTimeoutMs + waitMs, name, this.sendOwn(request));
    const answer = request.decode(payload);
    this.only.requestQueue.maybeThrottle(answer.throttleMs);
    return answer;
  }

  /** Requests under way reject. */
  close(): void {
    for (const connection of this.pool.pool) {
      connection.requestQueue.rejectAll(new Error('the connection was closed'));
      const socket = connection.socket;
      void connection
        .disconnect()
        .catch(() => undefined)
        .finally(() => socket?.destroy());
    }
  }

  /** kafkajs opens two a broker, of which the second stays closed here. */
  private get only(): KafkaJsConnection {
    return this.pool.pool[0] as KafkaJsConnection;
  }

  /** As kafkajs sends a request, which would copy it four times on the way to the socket. @returns the answer's bytes */
  private async sendOwn({ name, version, body, waitMs }: OwnRequest<unknown>): Promise<Buffer> {
    const connection = this.only;
    if (!connection.isAuthenticated()) await connection.authenticate();
    connection.failIfNotConnected();
    const correlationId = connection.nextCorrelationId();
    const apiKey = apiKeys[name];
    const header = new ByteWriter()
      .int16(apiKey)
      .int16(version)
      .int32(correlationId)
      .string(connection.clientId)
      .done();
    const size = [header, ...body].reduce((sum, { length }) => sum + length, 0);
    const { payload } = await new Promise<{ readonly payload: Buffer }>((resolve, reject) => {
      connection.requestQueue.push({
        entry: { apiKey, apiName: name, apiVersion: version, correlationId, resolve, reject },
        expectResponse: true,
        requestTimeout: this.requestTimeoutMs + waitMs,
        sendRequest: () => {
          const socket = connection.socket as Socket;
          socket.cork();
          for (const part of [new ByteWriter().int32(size).done(), header, ...body]) socket.write(part);
          socket.uncork();
        },
      });
    });
    return payload;
  }

  private send(request: ProtocolRequest): Promise<unknown> {
    const waitMs = Math.max(this.requestTimeoutMs, request.requestTimeout ?? 0);
    return within(waitMs, request.request.apiName, this.only.send(request));
  }
}

/** A broker did not answer. What it did with the request is not known. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError';
  constructor(what: string, withinMs: number) {
    super(`${what}: no answer within ${withinMs} ms`);
  }
}

/** The protocol's name of an error code, such as `NOT_LEADER_FOR_PARTITION`. */
export function protocolErrorName(code: number): string {
  return errorCodes.find((known) => known.code === code)?.type ?? `error code ${code}`;
}

async function asIs(decoded: unknown): Promise<unknown> {
  return decoded;
}

function within<T>(milliseconds: number, what: string, answer: Promise<T>): Promise<T> {
  return waitForAnswer(answer, milliseconds, () => new RequestTimeoutError(what, milliseconds));
}

/** kafkajs looks for requests that wait a thousand times a second, for ever, though none does (its issue 1704). */
function looksOnlyWhenSomeWait(queue: KafkaJsConnection['requestQueue']): void {
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule.call(queue);
  };
}
