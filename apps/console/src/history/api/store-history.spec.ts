import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { topics } from '@moola/contracts/topics';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { ConsoleServer } from '../../testing/console-server.js';
import { alertOf, bucketOf, minute, windowOf } from '../../testing/facts.js';
import { tables } from '../projections/projections.js';
import type { HistoryOverview, HistoryRowsView } from './views.js';

const start = Date.UTC(2026, 0, 31, 12);
const hours = 5;
/** Names that users may give, and that a careless program would take for SQL, a path or a pattern. */
const corpus = [
  ...[
    "v'1",
    'v"2',
    "'; DROP TABLE figures_1m; --",
    "' OR '1'='1",
    '1) UNION SELECT name, value FROM meta --',
    '%',
    '_',
  ],
  ...['$1', '?', ':name', '{{x}}', '\\', '/etc/passwd', "read_csv('/etc/passwd')", 'a\nb', '☃', '', 'null'],
];

describe('reading history', () => {
  let server: ConsoleServer;
  const ask = (path: string) => fetch(`${server.url}/api/v1/environments/live/history${path}`);
  const rows = async (path: string) => {
    const response = await ask(path);
    expect([response.status, path]).toEqual([200, path]);
    return (await response.json()) as HistoryRowsView;
  };
  const refused = async (path: string, status = 400) => {
    const response = await ask(path);
    const { message } = (await response.json()) as { message: string | string[] };
    expect([response.status, path]).toEqual([status, path]);
    return [message].flat().join('; ');
  };

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live', 'other'], history: true });
    const facts = Array.from({ length: hours * 60 }, (_, n) => [
      windowOf(start + n * minute, 'v1', (n % 100) / 100, 'serves'),
      windowOf(start + n * minute, 'v2', 0.5, 'shadow'),
      bucketOf('v1', start + n * minute, 0, { predictions: 10, labelled: 4, correct: n % 5 }),
    ]).flat();
    const named = corpus.map((version, n) => windowOf(start + n, version, 0.25, 'serves', 7 * minute));
    const alerts = [
      alertOf(start, 'v1', AlertState.FIRING, 0.6),
      alertOf(start + minute, 'v2', AlertState.FIRING, 0.7),
    ];
    await server.facts('live', topics.snapshots, [...facts, ...named, ...alerts], start + hours * 60 * minute);
  });
  afterAll(() => server.close());

  it('says what there is', async () => {
    const overview = (await (await ask('')).json()) as HistoryOverview;
    expect(overview).toMatchObject({ open: true, why: '', behind: 0, caughtUp: true, gaps: [] });
    expect(overview.tables.map(({ name }) => name)).toEqual(tables.map(({ name }) => name));
  });

  it('answers the points of a series, at the shortest resolution that suits the time', async () => {
    const answer = await rows(`/figures?model=Fraud&version=v1&metric=accuracy&from=${start}`);
    expect(answer).toMatchObject({ resolutionMs: minute, next: null, fromMs: start });
    expect(answer.rows).toHaveLength(hours * 60);
    expect(answer.rows[61]).toEqual({
      ...{ timeMs: start + 61 * minute, model: 'Fraud', version: 'v1', role: 'primary', windowMs: 30 * minute },
      ...{ dimension: '', member: '', metric: 'accuracy', value: 0.61, samples: 180, serving: true },
      ...{ lower: 0.61 - 0.1, upper: 0.61 + 0.1, least: 0.61, most: 0.61 },
    });
  });

  it('rolls up: sums are added, figures are the last of each bucket with the least and the most', async () => {
    const sums = await rows(`/buckets?resolution=30m&from=${start}`);
    expect(sums.rows.map((row) => [row['timeMs'], row['predictions'], row['correct']])).toEqual(
      Array.from({ length: hours * 2 }, (_, n) => [start + n * 30 * minute, 300, 60]),
    );
    const figures = await rows(`/figures?resolution=2h&version=v1&columns=value,least,most&from=${start}`);
    expect(figures.rows).toEqual([
      { value: 0.19, least: 0, most: 0.99 },
      { value: 0.39, least: 0, most: 0.99 },
      { value: 0.99, least: 0.4, most: 0.99 },
    ]);
  });

  it('pages without a row twice or lost, forwards and backwards', async () => {
    for (const order of ['oldest', 'newest']) {
      const seen: unknown[] = [];
      let next: string | null = null;
      do {
        const after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
        const page: HistoryRowsView = await rows(
          `/figures?windowMs=420000&limit=4&order=${order}&from=${start}${after}`,
        );
        seen.push(...page.rows.map((row) => row['version']));
        next = page.next;
      } while (next !== null);
      const known = [...corpus].sort((a, b) => (Buffer.from(a) < Buffer.from(b) ? -1 : 1));
      expect([...seen].sort()).toEqual([...known].sort());
      expect(new Set(seen).size).toBe(corpus.length);
    }
  });

  it('takes whatever a name holds for a name', async () => {
    for (const version of corpus) {
      const { rows: found } = await rows(`/figures?version=${encodeURIComponent(version)}&from=${start}`);
      expect(found.map((row) => row['version'])).toEqual([version]);
      const model = await rows(`/alertTransitions?model=${encodeURIComponent(version)}&from=0`);
      expect(model.rows).toEqual([]);
      for (const parameter of [
        'columns',
        'resolution',
        'limit',
        'after',
        'order',
        'format',
        'from',
        'to',
        'windowMs',
        'serving',
      ]) {
        const answer = await ask(`/figures?${parameter}=${encodeURIComponent(version === '' ? ' ' : version)}`);
        expect([answer.status, parameter, version]).toEqual([400, parameter, version]);
      }
      if (version !== '') await refused(`/${encodeURIComponent(version)}`, 404);
    }
    expect((await rows(`/buckets?from=${start}`)).rows).toHaveLength(hours * 60);
  });

  it('answers a hundred years by what there is of them', async () => {
    const answer = await rows('/buckets?from=1950-01-01&to=2050-01-01');
    expect(answer).toMatchObject({ fromMs: start, resolutionMs: minute });
    expect(answer.rows).toHaveLength(hours * 60);
  });

  it.each([
    [
      '/figures?resolution=1',
      'resolution: "1" is no whole number of minutes: give 1m, 10m, 1h, 1d …, or milliseconds from 60000',
    ],
    ['/figures?columns=value,valeu', 'columns: "valeu" is no column: did you mean value?'],
    ['/figures?modle=Fraud', '"modle" is no parameter of table figures: did you mean model?'],
    [
      '/figures?from=yesterday',
      'from: "yesterday" is no time: give milliseconds since the epoch, or ISO 8601 with a zone',
    ],
    ['/figures?from=2026-01-31T12:00:00', 'from: "2026-01-31T12:00:00" is no time'],
    ['/figures?from=2&to=1', 'from: must be before to'],
    ['/figures?to=99999999999999999', 'to: "99999999999999999" is no time'],
    ['/figures?limit=0', 'limit: "0" is no number from 1 to 10000'],
    ['/figures?windowMs=x', 'windowMs: "x" is no number'],
    ['/figures?serving=maybe', 'serving: "maybe" is neither true nor false'],
    ['/figures?from=1&from=2', 'from: is given more than once'],
    ['/figures?after=e30', 'after: is not what the answer before gave as next'],
    ['/alertTransitions?resolution=1m', 'table alertTransitions holds rows as they are'],
    ['/alertTransitions?labels=x', '"labels" is no parameter'],
    ['/figures?format=xlsx', 'format: "xlsx" is none of json, csv, parquet'],
  ])('refuses %s', async (path, words) => {
    expect(await refused(path)).toContain(words);
  });

  it('names what there is when a table, a column or an environment is not', async () => {
    expect(await refused('/figure', 404)).toContain('history has no table "figure": did you mean figures?');
    expect(await refused('/figures/values/value', 404)).toContain('there are model, version, role, windowMs');
    expect((await fetch(`${server.url}/api/v1/environments/nowhere/history`)).status).toBe(404);
    expect((await fetch(`${server.url}/api/v1/environments/other/history/figures`)).status).toBe(200);
  });

  it('refuses too many points, and says what would do; files have no such limit', async () => {
    const month = bucketOf('v1', start - 30 * 24 * 60 * minute, 0, { predictions: 1 });
    await server.facts(
      'other',
      topics.snapshots,
      [month, bucketOf('v1', start, 0, { predictions: 1 })],
      start + minute,
    );
    const other = `${server.url}/api/v1/environments/other/history/buckets?from=0&resolution=1m`;
    expect(await (await fetch(other)).json()).toMatchObject({
      ...{
        statusCode: 400,
        message: expect.stringContaining('43260 points a series; 2000 are the most: ask for 1800000 ms'),
      },
    });
    expect((await (await fetch(`${other}&format=csv`)).text()).trim().split('\n')).toHaveLength(3);
  });

  it('lists the values of a column', async () => {
    const answer = await ask('/figures/values/version?model=Fraud&windowMs=1800000');
    expect(await answer.json()).toEqual({ column: 'version', values: ['v1', 'v2'] });
  });

  it('gives CSV and Parquet, which other programs read', async () => {
    const csv = await (await ask(`/buckets?format=csv&from=${start}&columns=time,model,predictions`)).text();
    expect(csv.split('\n').slice(0, 2)).toEqual(['time,model,predictions', '2026-01-31T12:00:00.000Z,Fraud,10']);
    const response = await ask(`/figures?format=parquet&from=${start}&version=v2`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="live-figures.parquet"');
    const folder = await temporaryFolder();
    const file = join(folder.path, 'figures.parquet');
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INT AS n, avg(value) AS mean, min(time) AS first FROM '${file}'`,
    );
    expect(read.getRowObjectsJS()).toEqual([{ n: hours * 60, mean: 0.5, first: new Date(start) }]);
    connection.closeSync();
    await folder.remove();
  });
});
