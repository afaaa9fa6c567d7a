import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AliasFile } from './alias-file.js';
import { EmbeddedRegistry } from './embedded-registry.js';
import { RegistryModule } from './registry.module.js';

let folder: string;
let app: NestFastifyApplication;
let base: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  await start();
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  const registry = await EmbeddedRegistry.open(new AliasFile(join(folder, 'registry.json')), () => 1_212_364_800_000);
  app = await NestFactory.create<NestFastifyApplication>(
    RegistryModule.of(registry, ['example', 'live']),
    new FastifyAdapter(),
    {
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  base = `${await app.getUrl()}/registry/example/api/2.0/mlflow/registered-models/alias`;
}

async function call(method: string, body: unknown = undefined, query = ''): Promise<[number, unknown]> {
  const response = await fetch(`${base}${query}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return [response.status, await response.json()];
}

const asked = '?name=LSTM&alias=champion';

describe('the embedded registry', () => {
  it('knows the environments of its process, and no other', async () => {
    base = base.replace('/example/', '/exmaple/');
    const refused = [404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: expect.stringContaining('example, live') }];
    expect(await call('POST', { name: 'LSTM', alias: 'champion', version: 'v2' })).toEqual(refused);
    expect(await call('GET', undefined, asked)).toEqual(refused);
    expect(await call('DELETE', { name: 'LSTM', alias: 'champion' })).toEqual(refused);
  });

  it('sets, reads and deletes an alias as MLflow does', async () => {
    expect(await call('POST', { name: 'LSTM', alias: 'champion', version: 'v2' })).toEqual([200, {}]);
    expect(await call('GET', undefined, asked)).toEqual([
      200,
      {
        model_version: {
          name: 'LSTM',
          version: 'v2',
          last_updated_timestamp: 1_212_364_800_000,
          status: 'READY',
          aliases: ['champion'],
        },
      },
    ]);
    expect(await call('DELETE', { name: 'LSTM', alias: 'champion' })).toEqual([200, {}]);
    expect(await call('GET', undefined, asked)).toEqual([
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message: 'Registered model alias champion not found.' },
    ]);
  });

  it('keeps what it has acknowledged when it is started again', async () => {
    await call('POST', { name: 'LSTM', alias: 'champion', version: 'v2' });
    await app.close();
    await start();
    expect(await call('GET', undefined, asked)).toMatchObject([200, { model_version: { version: 'v2' } }]);
  });

  it('keeps environments apart', async () => {
    await call('POST', { name: 'LSTM', alias: 'champion', version: 'v2' });
    const live = await fetch(`${base.replace('/example/', '/live/')}${asked}`);
    expect(live.status).toBe(404);
  });

  it.each([
    [
      { name: 'Nothing', alias: 'champion' },
      404,
      'RESOURCE_DOES_NOT_EXIST',
      'Registered Model with name=Nothing not found',
    ],
    [{ name: '', alias: 'champion' }, 400, 'INVALID_PARAMETER_VALUE', "Missing value for required parameter 'name'."],
    [
      { name: 'LSTM', alias: 'a b' },
      400,
      'INVALID_PARAMETER_VALUE',
      expect.stringContaining("Invalid alias name: 'a b'."),
    ],
    [{ name: 'LSTM', alias: 'latest' }, 400, 'INVALID_PARAMETER_VALUE', expect.stringContaining('reserved')],
    [{ name: 'LSTM', alias: 'v3' }, 400, 'INVALID_PARAMETER_VALUE', expect.stringContaining('reserved')],
  ])('refuses %j in MLflow’s words', async (parameters, status, code, message) => {
    expect(await call('GET', undefined, `?${new URLSearchParams(parameters).toString()}`)).toEqual([
      status,
      { error_code: code, message },
    ]);
  });

  it.each([undefined, '', 3])('refuses to set the version %j', async (version) => {
    expect(await call('POST', { name: 'LSTM', alias: 'champion', version })).toEqual([
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message: "Missing value for required parameter 'version'." },
    ]);
  });

  it('writes simultaneous changes one after the other, and loses none', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `alias-${index}`);
    await Promise.all(names.map((alias) => call('POST', { name: 'LSTM', alias, version: 'v1' })));
    const file = JSON.parse(await readFile(join(folder, 'registry.json'), 'utf8')) as {
      aliases: { example: { LSTM: object } };
    };
    expect(Object.keys(file.aliases.example.LSTM).sort()).toEqual([...names].sort());
  });

  it('does not overwrite a file that is none of its own', async () => {
    await writeFile(join(folder, 'other.json'), 'my notes');
    const opened = EmbeddedRegistry.open(new AliasFile(join(folder, 'other.json')), () => 0);
    await expect(opened).rejects.toThrow('other.json is no registry file of format 1');
  });
});
