import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { SnapshotSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { importHistory } from '@moola/standalone/import-history';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { moola } from '../../testing/moola.js';

const at = Date.UTC(2026, 0, 31, 12);
const facts = [0, 1, 2].map((n) => {
  const value = { version: `v${n}`, startMs: at, lengthMs: 60_000, predictions: 10 + n, labelled: 5 };
  return create(SnapshotSchema, { atMs: at, model: 'Fraud', kind: { case: 'bucket', value } });
});

let server: ConsoleServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const ask = (...words: string[]) =>
  moola(['history', ...words, '--server', server.url], { operations: { importHistory } });

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await ConsoleServer.start({ environments: ['live'], history: true });
  await server.facts('live', topics.snapshots, facts, at + 60_000);
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

it('moola history tables lists what there is', async () => {
  const { stdout, exitCode } = await ask('tables');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^TABLE +ROWS +WHAT\nfigures +0 +Figures as they stood/);
});

it('moola history query prints rows, as a table, JSON or CSV', async () => {
  const some = ['buckets', '--where', 'version=v1', '--columns', 'time,version,predictions'];
  const { stdout } = await ask('query', ...some);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['TIMEMS', 'VERSION', 'PREDICTIONS'],
    ['2026-01-31T12:00:00.000Z', 'v1', '11'],
    [''],
  ]);
  expect(JSON.parse((await ask('query', ...some, '--format', 'json')).stdout)).toMatchObject({
    rows: [{ predictions: 11 }],
  });
  expect((await ask('query', ...some, '--format', 'csv')).stdout).toBe(
    'time,version,predictions\n2026-01-31T12:00:00.000Z,v1,11\n',
  );
  const file = join(folder.path, 'rows.parquet');
  expect(await ask('query', ...some, '--format', 'parquet', '--output', file)).toMatchObject({ exitCode: 0 });
  expect(readFileSync(file).subarray(0, 4).toString()).toBe('PAR1');
  expect((await ask('query', ...some, '--format', 'parquet', '--output', file)).stderr).toContain('exists already');
});

it('says what is wrong', async () => {
  expect(await ask('query', 'bucket')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('did you mean buckets?'),
  });
  expect(await ask('query', 'buckets', '--where', 'v1')).toMatchObject({ exitCode: 2 });
  expect(await ask('query', 'buckets', '--format', 'parquet')).toMatchObject({ exitCode: 2 });
  expect(await ask('query', 'buckets', '--resolution', '1ms')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('is no whole number of minutes') },
  });
});

it('moola history export and import carry it to another instance', async () => {
  const file = join(folder.path, 'live.duckdb');
  expect(await ask('export', file)).toMatchObject({ exitCode: 0, stdout: '' });
  const data = join(folder.path, 'data');
  const importing = (...words: string[]) => moola(['history', 'import', ...words], { operations: { importHistory } });
  expect(await importing(file, '--data', data)).toMatchObject({
    ...{ exitCode: 0, stdout: expect.stringMatching(/^12 rows are now the history of live: .*live\.duckdb\n$/) },
  });
  expect((await importing(file, '--data', data)).stderr).toMatch(/what was there before is .*\.replaced-/);
  expect((await importing(file, '--data', data, '--environment', 'example')).stderr).toContain(
    'it is the history of environment "live", not of example',
  );
  const nonsense = join(folder.path, 'rows.parquet');
  expect((await importing(nonsense, '--data', data)).stderr).toContain('was not imported');
  expect(await importing('none.duckdb', '--data', data)).toMatchObject({
    ...{ exitCode: 1, stderr: 'moola: cannot read none.duckdb: there is no such file\n' },
  });
});
