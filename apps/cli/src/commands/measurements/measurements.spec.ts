import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { SnapshotSchema, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../../testing/moola.js';

const at = Date.UTC(2026, 0, 31, 12);

const facts: readonly Snapshot[] = [
  {
    case: 'measurement' as const,
    value: {
      ...{ measurement: 'revenue', unit: 'USD', startedMs: at, heardMs: at, values: 3, late: 1 },
      ...{ valuesOfOtherUnit: 2, otherUnit: 'EUR' },
      figures: [
        { metric: 'measurement_mean', value: 12.5, samples: 2 },
        { metric: 'measurement_sum', value: 25, samples: 3 },
        { metric: 'measurement_silent', value: 0, samples: 3 },
      ],
    },
  },
  { case: 'measurement' as const, value: { other: true, values: 7, heardMs: at } },
].map((kind) => create(SnapshotSchema, { atMs: at, model: 'Fraud', kind }));

let server: ConsoleServer;
const ask = (...words: string[]) => moola(['measurements', ...words, '--server', server.url]);

beforeAll(async () => {
  server = await ConsoleServer.start({ environments: ['live'] });
  await server.facts('live', topics.snapshots, facts, at + 240_000);
});
afterAll(() => server.close());

it('moola measurements list has the figures of the last hour', async () => {
  const { stdout } = await ask('list', '--model', 'Fraud');
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/).join(' | '))).toEqual([
    'MODEL | MEASUREMENT | UNIT | LAST | MEAN | SUM | VALUES | MINIMUM | MAXIMUM | LATEST (UTC)',
    'Fraud | revenue | USD | – | 12.5 | 25 | – | – | – | 2026-01-31 12:00',
    'Fraud | (other names) | – | – | – | – | – | – | – | 2026-01-31 12:00',
  ]);
  expect(JSON.parse((await ask('list', '--json')).stdout)).toMatchObject([{ measurement: 'revenue' }, { other: true }]);
});

it('moola measurements show says what was counted and what was not', async () => {
  const { stdout } = await ask('show', 'Fraud', 'revenue');
  const lines: unknown = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  );
  expect(lines).toMatchObject({
    ...{
      measurement: 'revenue',
      model: 'Fraud',
      unit: 'USD',
      'mean, 1h': '12.5',
      'sum, 1h': '25',
      counted: '3 values',
    },
    ...{ 'time without a value': '4 min', 'other unit': '2 values in EUR: not counted' },
    late: '1 value too late for every window',
  });
  expect(JSON.parse((await ask('show', 'Fraud', 'revenue', '--json')).stdout)).toMatchObject({ values: 3 });
  expect(await ask('show', 'Fraud', 'tips')).toMatchObject({
    ...{ exitCode: 1, stdout: '' },
    stderr: expect.stringContaining('model "Fraud" has no measurement "tips"'),
  });
});
