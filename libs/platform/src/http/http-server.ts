import 'reflect-metadata';
import { Module, type DynamicModule, type LoggerService, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { TokenGuard } from '../auth/token-guard.js';

@Module({})
class ServerModule {}

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly logger: LoggerService;
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  /** Adds what Nest has no controllers for: raw bodies, files. */
  readonly routes?: readonly ((fastify: FastifyInstance) => void)[];
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

/** Serves every controller of the modules behind the token, and the routes beside them. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, modules, logger, routes = [] } = options;
  const root: DynamicModule = { module: ServerModule, imports: modules };
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  for (const install of routes) install(adapter.getInstance<FastifyInstance>());
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger, abortOnError: false });
  app.useGlobalGuards(new TokenGuard(options.token));
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
