import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule, type LoggerService, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { installEventsRoute, type EventsRouteLimits } from '@moola/collector/ingest-http/install-events-route';
import { TokenGuard } from '@moola/platform/auth/token-guard';

@Module({})
class ServerModule {}

export interface HttpServerOptions extends EventsRouteLimits {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly logger: LoggerService;
  readonly modules: NonNullable<ModuleMetadata['imports']>;
}

export interface HttpServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly address: string;
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

/** Serves the page and every controller of the modules. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, modules, logger } = options;
  const root: DynamicModule = { module: ServerModule, imports: modules };
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  installEventsRoute(adapter.getInstance(), options);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger, abortOnError: false });
  app.useGlobalGuards(new TokenGuard(options.token));
  servePage(app);
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(host, port);
    throw error;
  }
  const bound = app.getHttpServer().address() as { port: number };
  const name = host.includes(':') ? `[${host}]` : host;
  return { address: `http://${name}:${bound.port}`, close: () => app.close() };
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The built page. Its assets carry a hash in their names: they may be kept for ever. */
function servePage(app: NestFastifyApplication): void {
  const folder = fileURLToPath(new URL('../../../console/page/dist/', import.meta.url));
  const fastify = app.getHttpAdapter().getInstance();
  const file = (path: string) => {
    try {
      return readFileSync(join(folder, normalize(`/${path}`)));
    } catch {
      return null;
    }
  };
  fastify.get('/', (_request, reply) => {
    const page = file('index.html');
    if (page === null) return reply.code(503).send('The page has not been built: npm run build');
    return reply
      .type(mediaTypes['.html'] ?? '')
      .header('Cache-Control', 'no-cache')
      .send(page);
  });
  fastify.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const asset = file(`assets/${request.params.name}`);
    if (asset === null) return reply.code(404).send();
    const type = mediaTypes[extname(request.params.name)] ?? 'application/octet-stream';
    return reply.type(type).header('Cache-Control', 'public, max-age=31536000, immutable').send(asset);
  });
}
