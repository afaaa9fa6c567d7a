import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request on its way: all is well, it never arrives, or its answer never comes back. */
export type Fault = 'none' | 'request lost' | 'answer lost' | 'error before' | 'error after';

/** An HTTP proxy for tests that loses requests and answers as it is told. */
export class FaultyProxy {
  /** What happened, in order: `POST answer lost`. */
  readonly seen: string[] = [];
  /** Called when a request will never be answered, after what it has caused: its sender may stop waiting. */
  onLost: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  /** @param faultOf decides over each request, by its method and how many of that method came before. */
  static async start(target: string, faultOf: (method: string, before: number) => Fault): Promise<FaultyProxy> {
    const counts = new Map<string, number>();
    const server = createServer((request, response) => {
      const method = request.method ?? '';
      const before = counts.get(method) ?? 0;
      counts.set(method, before + 1);
      const fault = faultOf(method, before);
      proxy.seen.push(`${method} ${fault}`);
      forward(target, fault, request, response, () => proxy.onLost());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new FaultyProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return proxy;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function forward(
  target: string,
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  lost: () => void,
): void {
  if (fault === 'request lost') return lost();
  if (fault === 'error before') {
    response.writeHead(503).end('try again later');
    return;
  }
  const { method, headers, url } = request;
  const outgoing = send(`${target}${url}`, { method, headers }, (answer) => {
    if (fault === 'answer lost') {
      answer.resume();
      lost();
    } else if (fault === 'error after') {
      answer.resume();
      response.writeHead(502).end('bad gateway');
    } else {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }
  });
  request.pipe(outgoing);
}
