import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActionIntentSchema, ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { perform } from './perform.js';
import { RegistryClient } from './registry-client.js';

/** A registry that counts its versions, as MLflow does: number → the value of its tag `moola.version`. */
class CountingRegistry {
  readonly written: string[] = [];

  constructor(
    private version: string,
    private readonly tags: Readonly<Record<string, string>>,
  ) {}

  answer(request: IncomingMessage, body: string): unknown {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname.endsWith('/model-versions/search')) {
      const filter = url.searchParams.get('filter') ?? '';
      const found = Object.entries(this.tags).filter(([, tag]) => filter.includes(`= '${tag}'`));
      return { model_versions: found.map(([version]) => this.modelVersion(version)) };
    }
    if (request.method === 'POST') {
      this.version = (JSON.parse(body) as { version: string }).version;
      this.written.push(this.version);
      return {};
    }
    return { model_version: this.modelVersion(this.version) };
  }

  private modelVersion(version: string) {
    const tag = this.tags[version];
    return { name: 'LSTM', version, ...(tag === undefined ? {} : { tags: [{ key: 'moola.version', value: tag }] }) };
  }
}

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function served(registry: CountingRegistry): Promise<RegistryClient> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.end(JSON.stringify(registry.answer(request, body))));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new RegistryClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 2000 });
}

const intent = create(ActionIntentSchema, {
  atMs: 1_000_000,
  incident: 'LSTM~AccuracyDrop~1',
  step: 1,
  attempt: 1,
  model: 'LSTM',
  expiresAfterMs: 60_000,
  kind: { case: 'moveAlias', value: { registeredModel: 'LSTM', alias: 'champion', from: 'v2', to: 'v1' } },
});
const signal = new AbortController().signal;
const world = (registry: RegistryClient | null, nowMs = 1_000_000) => ({
  registry,
  nowMs: () => nowMs,
  readBackAfterMs: [],
});

describe('an action', () => {
  it('moves the alias of a registry that counts its versions, by their tags', async () => {
    const registry = new CountingRegistry('7', { '7': 'v2', '4': 'v1' });
    const result = await perform(world(await served(registry)), intent, signal);
    expect(result).toMatchObject({ incident: 'LSTM~AccuracyDrop~1', step: 1, attempt: 1, intentAtMs: 1_000_000 });
    expect([result.outcome, result.detail]).toEqual([ActionOutcome.DONE, 'LSTM@champion moved from v2 to v1']);
    expect(registry.written).toEqual(['4']);
  });

  it('takes the number in the version’s name where there is no tag', async () => {
    const registry = new CountingRegistry('2', {});
    expect((await perform(world(await served(registry)), intent, signal)).outcome).toBe(ActionOutcome.DONE);
    expect(registry.written).toEqual(['1']);
  });

  it('leaves an alias alone whose tag says that it is another version', async () => {
    const registry = new CountingRegistry('2', { '2': 'v9' });
    const result = await perform(world(await served(registry)), intent, signal);
    expect(result.detail).toContain('points at v9 (version 2), not at v2');
    expect(registry.written).toEqual([]);
  });

  it('is answered expired when it is taken up too late, and touches nothing', async () => {
    const registry = new CountingRegistry('2', {});
    const result = await perform(world(await served(registry), 1_060_001), intent, signal);
    expect([result.outcome, registry.written]).toEqual([ActionOutcome.EXPIRED, []]);
  });

  it('fails where no registry is configured, and says which setting is missing', async () => {
    const result = await perform(world(null), intent, signal);
    expect([result.outcome, result.detail]).toEqual([
      ActionOutcome.FAILED,
      'this process has no registry: set MOOLA_REGISTRY_URL',
    ]);
  });

  it('gives no result when it is told to stop', async () => {
    const stopped = AbortSignal.abort(new Error('the task left'));
    await expect(perform(world(await served(new CountingRegistry('2', {}))), intent, stopped)).rejects.toThrow(
      'the task left',
    );
  });
});
