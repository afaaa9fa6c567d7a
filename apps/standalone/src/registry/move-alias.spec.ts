import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ActionIntentSchema, ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { perform } from '@moola/responder/act/perform';
import { RegistryClient } from '@moola/responder/act/registry-client';
import { AliasFile } from './alias-file.js';
import { EmbeddedRegistry } from './embedded-registry.js';
import { FaultyProxy, type Fault } from './faulty-proxy.js';
import { RegistryModule } from './registry.module.js';

let folder: string;
let app: NestFastifyApplication;
let registry: EmbeddedRegistry;
let proxy: FaultyProxy;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'move-alias-'));
  registry = await EmbeddedRegistry.open(new AliasFile(join(folder, 'registry.json')), () => 0);
  app = await NestFactory.create<NestFastifyApplication>(
    RegistryModule.of(registry, ['example', 'live']),
    new FastifyAdapter(),
    {
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  await registry.set('example', 'LSTM', 'champion', 'v2');
});
afterEach(async () => {
  await proxy.close();
  await app.close();
  await rm(folder, { recursive: true });
});

const intent = create(ActionIntentSchema, {
  incident: 'LSTM~AccuracyDrop~1',
  step: 1,
  attempt: 1,
  kind: { case: 'moveAlias', value: { registeredModel: 'LSTM', alias: 'champion', from: 'v2', to: 'v1' } },
});

/** Moves the alias over a road with these faults; the first of each method is the first request of it. */
async function moved(faultOf: (method: string, before: number) => Fault = () => 'none') {
  proxy = await FaultyProxy.start(await app.getUrl(), faultOf);
  const waits: AbortController[] = [];
  const timeout = () => {
    const wait = new AbortController();
    waits.push(wait);
    return wait.signal;
  };
  proxy.onLost = () => waits.at(-1)?.abort(new DOMException('', 'TimeoutError'));
  const client = new RegistryClient({ baseUrl: `${proxy.address}/registry/example`, timeoutMs: 5_000, timeout });
  const dependencies = { registry: client, nowMs: () => 0, readBackAfterMs: [10, 20] };
  return perform(dependencies, intent, new AbortController().signal);
}

const alias = () => registry.alias('example', 'LSTM', 'champion').get();
const writes = () => proxy.seen.filter((seen) => seen.startsWith('POST'));

describe('moving an alias of the embedded registry', () => {
  it('moves it, and reads it back', async () => {
    expect(await moved()).toMatchObject({ outcome: ActionOutcome.DONE, detail: 'LSTM@champion moved from v2 to v1' });
    expect([await alias(), proxy.seen]).toEqual(['v1', ['GET none', 'POST none', 'GET none']]);
  });

  it('is done when it points there already, as after a crash between the move and its result', async () => {
    await registry.set('example', 'LSTM', 'champion', 'v1');
    expect(await moved()).toMatchObject({ outcome: ActionOutcome.DONE, detail: 'LSTM@champion points at v1 already' });
    expect(writes()).toEqual([]);
  });

  it('leaves it alone when somebody else has moved it', async () => {
    await registry.set('example', 'LSTM', 'champion', 'v7');
    const result = await moved();
    expect([result.outcome, await alias()]).toEqual([ActionOutcome.FAILED, 'v7']);
    expect(result.detail).toContain('points at v7, not at v2: somebody else has moved it');
  });

  it('fails when there is no such alias, in the registry’s own words', async () => {
    await registry.delete('example', 'LSTM', 'champion');
    expect((await moved()).detail).toContain('INVALID_PARAMETER_VALUE: Registered model alias champion not found.');
  });

  it.each(['answer lost', 'error after'] as const)('finds out by reading back when %s', async (fault) => {
    const result = await moved((method) => (method === 'POST' ? fault : 'none'));
    expect([result.outcome, await alias(), writes().length]).toEqual([ActionOutcome.DONE, 'v1', 1]);
    expect(result.detail).toContain('the answer to the write was lost');
  });

  it.each(['request lost', 'error before'] as const)('does not know when %s, and never writes twice', async (fault) => {
    const result = await moved((method) => (method === 'POST' ? fault : 'none'));
    expect([result.outcome, await alias(), writes().length]).toEqual([ActionOutcome.UNKNOWN, 'v2', 1]);
    expect(result.detail).toContain('it reads back as v2');
  });

  it('does not know when nothing can be read back', async () => {
    const result = await moved((method, before) => (method === 'GET' && before > 0 ? 'request lost' : 'none'));
    expect([result.outcome, await alias()]).toEqual([ActionOutcome.UNKNOWN, 'v1']);
    expect(result.detail).toContain('no answer within 5000 ms');
  });

  it('reads again when the first answer does not come', async () => {
    const result = await moved((method, before) => (method === 'GET' && before === 0 ? 'request lost' : 'none'));
    expect(result.outcome).toBe(ActionOutcome.DONE);
  });

  it.each(['request lost', 'error before'] as const)(
    'touches nothing, and may be tried again, when the registry cannot be read: %s',
    async (fault) => {
      const result = await moved((method) => (method === 'GET' ? fault : 'none'));
      expect([result.outcome, writes()]).toEqual([ActionOutcome.RETRYABLE, []]);
      expect(result.detail).toContain('LSTM@champion was not moved: where it points could not be read');
    },
  );
});
