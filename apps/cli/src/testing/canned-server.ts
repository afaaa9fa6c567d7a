import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CannedServer {
  readonly url: string;
  close(): Promise<void>;
}

/** An HTTP server on a free port that always gives the same answer. */
export async function cannedServer(status: number, body: string, type = 'application/json'): Promise<CannedServer> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

/** An address at which nobody listens. */
export async function deserted(): Promise<string> {
  const server = await cannedServer(200, '');
  await server.close();
  return server.url;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
