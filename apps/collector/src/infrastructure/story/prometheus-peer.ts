import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** How a peer answers one question. */
export type PeerAnswer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  /** It takes the question and says nothing. */
  | 'hang'
  /** It takes the question and closes the connection. */
  | 'close'
  /** It begins an answer that it does not end. */
  | 'half'
  /** It answers what is no HTTP. */
  | 'garbage'
  /** It answers without end. */
  | 'flood';

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** A vector of one figure an instance, at the instant that was asked for. */
export function vectorAt(atSeconds: string | null, figures: Readonly<Record<string, number>>): PeerAnswer {
  const result = Object.entries(figures).map(([instance, value]) => ({
    metric: { instance },
    value: [Number(atSeconds), String(value)],
  }));
  return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
}

/** A server on this machine in the place of a Prometheus: answers as it is told, and keeps what it was asked. */
export class PrometheusPeer {
  readonly questions: Question[] = [];
  /** How many questions it is answering at the moment, and were at most. */
  open = 0;
  mostOpen = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {}

  static async start(
    answer: (question: Question) => PeerAnswer,
    tls?: { readonly key: string; readonly cert: string },
  ): Promise<PrometheusPeer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const peer = new PrometheusPeer(server, tls === undefined ? 'http' : 'https');
    server.on('connection', (socket: Socket) => {
      peer.sockets.add(socket);
      socket.on('close', () => peer.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      peer.mostOpen = Math.max(peer.mostOpen, ++peer.open);
      response.on('close', () => peer.open--);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const question = { method, path, headers, form };
        peer.questions.push(question);
        give(response, answer(question));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function give(response: ServerResponse, how: PeerAnswer): void {
  switch (how) {
    case 'hang':
      return;
    case 'close':
      response.socket?.destroy();
      return;
    case 'garbage':
      response.socket?.end('so long, and thanks for all the fish\r\n\r\n');
      return;
    case 'half':
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"status"', () => response.socket?.destroy());
      return;
    case 'flood': {
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(1 << 16)));
      };
      response.on('drain', more);
      more();
      return;
    }
    default:
      response.writeHead(how.status ?? 200, how.headers).end(how.body);
  }
}
