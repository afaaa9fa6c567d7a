import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The calls that a registry answers. */
export type RegistryCall = 'read alias' | 'write alias' | 'search' | 'get version';

/** What a registry answers instead of the truth: a status and a body, or what becomes of the true body. */
export type Misbehaviour =
  | { readonly status: number; readonly body: string }
  | ((body: Record<string, unknown>, query: URLSearchParams) => unknown);

/**
 * A registry that counts its versions, as MLflow does and with its answers: pages by a token, empty lists and tags left
 * out, errors with their code. It misbehaves as told.
 */
export class CountingRegistry {
  /** The numbers that were written, in order. */
  readonly written: string[] = [];
  /** The calls that came, in order. */
  readonly calls: RegistryCall[] = [];
  private readonly misbehaviours = new Map<RegistryCall, Misbehaviour[]>();
  private readonly server: Server;

  private constructor(
    private at: string,
    private readonly tags: Readonly<Record<string, string>>,
    private readonly pageSize: number,
  ) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => this.respond(request, body, response));
    });
  }

  /** @param at where the alias points @param tags number → value of its tag `moola.version`; empty for none */
  static async start(at: string, tags: Readonly<Record<string, string>>, pageSize = 1_000): Promise<CountingRegistry> {
    const registry = new CountingRegistry(at, tags, pageSize);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next answers to such a call; the last one stays. */
  misbehave(call: RegistryCall, ...how: Misbehaviour[]): this {
    this.misbehaviours.set(call, how);
    return this;
  }

  /** It answers the truth again. */
  behave(): void {
    this.misbehaviours.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private respond(request: IncomingMessage, text: string, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const call = callOf(request.method ?? '', pathname);
    this.calls.push(call);
    const planned = this.misbehaviours.get(call) ?? [];
    const how = planned.length > 1 ? planned.shift() : planned[0];
    if (how !== undefined && typeof how !== 'function') {
      response.writeHead(how.status).end(how.body);
      return;
    }
    const [status, body] = this.truth(call, searchParams, text);
    response.writeHead(status).end(JSON.stringify(how === undefined ? body : how(body, searchParams)));
  }

  private truth(call: RegistryCall, query: URLSearchParams, text: string): [number, Record<string, unknown>] {
    switch (call) {
      case 'read alias':
        return [200, { model_version: { ...this.modelVersion(this.at), aliases: [query.get('alias')] } }];
      case 'write alias':
        this.at = (JSON.parse(text) as { version: string }).version;
        this.written.push(this.at);
        return [200, {}];
      case 'get version': {
        const version = query.get('version') ?? '';
        return version in this.tags
          ? [200, { model_version: this.modelVersion(version) }]
          : [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Model Version (version=${version}) not found` }];
      }
      case 'search': {
        const begin = Number(query.get('page_token') ?? '0');
        const newestFirst = Object.keys(this.tags).sort((one, other) => Number(other) - Number(one));
        const page = newestFirst.slice(begin, begin + this.pageSize).map((version) => this.modelVersion(version));
        const next = begin + this.pageSize;
        return [
          200,
          {
            ...(page.length === 0 ? {} : { model_versions: page }),
            ...(next < newestFirst.length ? { next_page_token: String(next) } : {}),
          },
        ];
      }
    }
  }

  private modelVersion(version: string) {
    const tag = this.tags[version] ?? '';
    const tags = tag === '' ? {} : { tags: [{ key: 'moola.version', value: tag }] };
    return { name: 'LSTM', version, current_stage: 'None', status: 'READY', ...tags };
  }
}

function callOf(method: string, path: string): RegistryCall {
  if (path.endsWith('/model-versions/search')) return 'search';
  if (path.endsWith('/model-versions/get')) return 'get version';
  return method === 'POST' ? 'write alias' : 'read alias';
}
