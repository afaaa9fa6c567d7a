import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text as read } from 'node:stream/consumers';
import type { KubernetesAddress } from './kubernetes.js';

/** What a watch tells of an object. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The API of Kubernetes, as an administrator, without a process of kubectl for every question. */
export class KubernetesApi {
  constructor(private readonly address: Pick<KubernetesAddress, 'server' | 'token'>) {}

  /** @throws Error with the status and what it says */
  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.send('GET', path)) as T;
  }

  /** @throws Error with the status and what it says */
  async send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<string> {
    const answer = await this.ask({ method }, path, body);
    const said = await read(answer);
    if ((answer.statusCode ?? 500) < 300) return said;
    throw new ApiError(answer.statusCode ?? 0, `${method} ${path}: ${answer.statusCode} ${said}`);
  }

  /** Tells of every object that is there, then of each change. Resolves when the signal aborts, or the server ends the watch. */
  async watch<T>(path: string, told: (event: WatchEvent<T>) => void, signal: AbortSignal): Promise<void> {
    const answer = await this.ask({ method: 'GET', signal }, `${path}${path.includes('?') ? '&' : '?'}watch=1`);
    let rest = '';
    try {
      for await (const part of answer.setEncoding('utf8') as AsyncIterable<string>) {
        const lines = (rest + part).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) told(JSON.parse(line) as WatchEvent<T>);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private ask(options: RequestOptions, path: string, body?: object): Promise<IncomingMessage> {
    const type = options.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const text = body === undefined ? '' : JSON.stringify(body);
    // Node says the length of a body by itself only where the method usually has one, and DELETE has not.
    const length = { 'content-length': String(Buffer.byteLength(text)) };
    const headers = { authorization: `Bearer ${this.address.token}`, 'content-type': type, ...length };
    return new Promise((resolve, reject) => {
      // Its certificate is its own: nobody else is on the loopback interface. A connection that is kept may be closed by then.
      const asked = request(
        `${this.address.server}${path}`,
        { ...options, headers, rejectUnauthorized: false, agent: false },
        resolve,
      );
      asked.on('error', reject).end(text);
    });
  }
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
