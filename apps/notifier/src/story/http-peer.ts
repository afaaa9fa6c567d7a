import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How a peer answers one request. */
export type PeerAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** It takes the request and says nothing, until it is released. */
  | 'hang'
  /** It takes the request and closes the connection. */
  | 'close'
  /** It answers what is no HTTP. */
  | 'garbage'
  /** It begins a body that it does not end. */
  | 'half a body';

export interface PeerRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server on this machine that answers as told, and keeps what it was sent. */
export class HttpPeer {
  readonly requests: PeerRequest[] = [];
  private readonly answers: PeerAnswer[] = [];
  private readonly held: ServerResponse[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param otherwise how it answers when it was not told */
  static async start(otherwise: PeerAnswer): Promise<HttpPeer> {
    const server = createServer();
    const peer = new HttpPeer(server);
    server.on('connection', (socket) => {
      peer.sockets.add(socket);
      socket.on('close', () => peer.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        peer.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
        const how = peer.answers.shift() ?? otherwise;
        if (how === 'hang') peer.held.push(response);
        else answer(response, how);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  next(...answers: PeerAnswer[]): void {
    this.answers.push(...answers);
  }

  /** Resolves when so many requests have come. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise(setImmediate);
  }

  /** Answers what hangs. */
  release(how: Exclude<PeerAnswer, 'hang'>): void {
    for (const response of this.held.splice(0)) answer(response, how);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function answer(response: ServerResponse, how: Exclude<PeerAnswer, 'hang'>): void {
  const { socket } = response;
  if (how === 'close') socket?.destroy();
  else if (how === 'garbage') socket?.end('so long, and thanks for all the fish\r\n\r\n');
  else if (how === 'half a body') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('ok', () => socket?.destroy());
  } else response.writeHead(how.status, how.headers).end(how.body ?? '');
}
