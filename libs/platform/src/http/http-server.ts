import 'reflect-metadata';
import type { Socket } from 'node:net';
import { Module, type DynamicModule, type LoggerService, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpMetrics } from '../metrics/http-metrics.js';
import { AccessTable } from '../access/find-access.js';
import type { RouteAccess } from '../access/route-access.js';
import type { ApiTokens } from '../auth/api-tokens/api-tokens.js';
import { authenticators } from '../auth/authenticators.js';
import type { ProcessSettings } from '../settings/process-settings.js';
import { admitRequests } from './admit-requests.js';
import { auditRequests, type AuditEntry } from './audit.js';
import { answerClientError } from './client-error.js';
import { LogErrors } from './log-errors.js';
import { refusalBody } from './refusal.js';
import { SecuredResponse } from './security-headers.js';

/** The headers of a request must be whole within this time, in milliseconds. */
const headersTimeoutMs = 10_000;

@Module({})
class ServerModule {}

/** The settings of a process that its HTTP server goes by. */
export type HttpSettings = Pick<ProcessSettings, 'host' | 'token' | 'publicUrl' | 'allowedHosts' | 'requestTimeoutMs'>;

export interface HttpServerOptions {
  readonly settings: HttpSettings;
  readonly port: number;
  readonly logger: LoggerService | false;
  /** @default nobody counts */
  readonly metrics?: HttpMetrics;
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  /** Named tokens beside `MOOLA_TOKEN`. @default there are none */
  readonly apiTokens?: ApiTokens;
  /** Told of what operators and administrators do, and of who tried to. @default nobody is */
  readonly audit?: (entry: AuditEntry) => void;
  /** Who may ask which route. @default the table of all routes */
  readonly access?: readonly RouteAccess[];
  /** Adds what Nest has no controllers for: raw bodies, files. */
  readonly routes?: readonly ((fastify: FastifyInstance) => void)[];
}

export interface HttpServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly address: string;
  /** `GET /healthz`, …: every route that is served. */
  readonly routes: readonly string[];
  close(): Promise<void>;
}

/** The port is another's. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  constructor(host: string, port: number) {
    super(
      `port ${port} on ${host} is in use: stop what listens there, or choose another (--port, MOOLA_PORT; 0 takes a free one)`,
    );
  }
}

/** Nest logs why it cannot listen before it throws it: that the port is in use is said once, by `PortInUseError`. */
function withoutPortInUse(logger: LoggerService): LoggerService {
  const error = (message: unknown, ...rest: unknown[]): void => {
    if (!String(message).includes('listen EADDRINUSE')) logger.error(message, ...rest);
  };
  return Object.assign(Object.create(logger) as LoggerService, { error });
}

/**
 * Serves every controller of the modules, and the routes beside them. Bodies are parsed as JSON and as nothing else: a form
 * of a web page, or a text that looks like JSON, is refused (415). A route that takes other bodies has parsers of its own.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { settings, port, modules, logger, metrics, routes = [] } = options;
  const served: string[] = [];
  const { host, requestTimeoutMs } = settings;
  const root: DynamicModule = { module: ServerModule, imports: modules };
  const adapter = new FastifyAdapter({
    forceCloseConnections: true,
    multipart: false,
    requestTimeout: requestTimeoutMs,
    http: {
      ServerResponse: SecuredResponse,
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
    },
    clientErrorHandler: (error: Error, socket: Socket) =>
      answerClientError(error, socket, (reason) => metrics?.refused(reason)),
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      reply.code(status).send(refusalBody(status, error.message));
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeContentTypeParser('text/plain');
  metrics?.watch(fastify);
  const access = new AccessTable(options.access);
  admitRequests(fastify, {
    ...settings,
    authenticators: authenticators(settings.token, options.apiTokens ?? null),
    access,
  });
  if (options.audit !== undefined) auditRequests(fastify, access, options.audit);
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) served.push(`${each} ${url}`);
  });
  for (const install of routes) install(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    ...{ logger: logger && withoutPortInUse(logger), abortOnError: false, bodyParser: false },
  });
  app.useGlobalFilters(new LogErrors());
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(host, port);
    throw error;
  }
  const bound = app.getHttpServer().address() as { port: number };
  const name = host.includes(':') ? `[${host}]` : host;
  return { address: `http://${name}:${bound.port}`, routes: served, close: () => app.close() };
}
