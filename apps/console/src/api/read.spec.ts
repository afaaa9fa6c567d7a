import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { AlertCondition, AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { ConsoleServer } from '../testing/console-server.js';
import {
  alertFigureOf,
  alertOf,
  bucketOf,
  budgetOf,
  deploymentOf,
  minute,
  revenueOf,
  windowOf,
} from '../testing/facts.js';
import { incident, incidentStory } from '../testing/incident-facts.js';

const calendar = { startMs: 0, stepMs: minute, labels: ['2008-06-30', '2008-07-01'] };

describe('the read API', () => {
  let server: ConsoleServer;
  const get = async (path: string) => {
    const response = await fetch(`${server.url}/api/v1/environments${path}`);
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      type,
      body: type.includes('json') ? await response.json() : await response.text(),
    };
  };
  const body = async (path: string) => (await get(path)).body;

  beforeAll(async () => {
    server = await ConsoleServer.start({
      environments: ['live', 'example'],
      publicUrl: 'https://moola.example.com',
    });
    const facts = [
      deploymentOf(0, 'v2', Role.PRIMARY, 'pipeline'),
      ...[1, 2, 3].map((at) => windowOf(at * minute, 'v2', 0.9 - at / 10, 'serves')),
      ...[1, 2, 3].map((at) => windowOf(at * minute, 'v1', 0.9, 'shadow')),
      windowOf(3 * minute, 'v2', 0.5, 'serves', minute),
      budgetOf(3 * minute, 'v2', 0.6, true),
      alertOf(3 * minute, 'v2', AlertState.FIRING, 0.6),
      bucketOf('v2', -9 * minute, 1, { predictions: 20, labelled: 10, correct: 9 }),
      bucketOf('v2', -9 * minute, 2, { predictions: 20, labelled: 20, correct: 12 }),
      bucketOf('v1', 0, 1, { predictions: 5, errors: 1 }),
    ];
    await server.facts('example', topics.snapshots, facts, 3 * minute);
    await server.facts('example', topics.kpis, [revenueOf(4 * minute, 12)], 4 * minute);
    const story = incidentStory(4 * minute);
    await server.facts('example', topics.incidents, story.slice(0, 4), 5 * minute);
    const other = 'Fraud~RecallLow~1';
    const resolved = incidentStory(minute).map((event) => ({ ...event, incident: other }));
    await server.facts('example', topics.incidents, resolved, 6 * minute);
    server.replays('example', { step: 2, steps: 2, finished: true });
    server.fold('example').calendar = calendar;
  });
  afterAll(() => server.close());

  it('answers models a page at a time, by name or those first that need a look', async () => {
    const many = await ConsoleServer.start({ environments: ['live'] });
    const names = Array.from({ length: 120 }, (_, n) => `m${String(n).padStart(3, '0')}`);
    await many.facts(
      'live',
      topics.snapshots,
      names.map((name) => ({ ...windowOf(minute, 'v1', 0.9, 'serves'), model: name })),
      minute,
    );
    await many.facts(
      'live',
      topics.incidents,
      incidentStory(minute)
        .slice(0, 2)
        .map((each) => ({ ...each, model: 'm077' })),
      2 * minute,
    );
    const page = async (query: string) => {
      const response = await fetch(`${many.url}/api/v1/environments/live/models${query}`);
      const views = (await response.json()) as { model: string }[];
      return { total: response.headers.get('x-total-count'), models: views.map(({ model }) => model) };
    };
    expect(await page('')).toEqual({ total: '120', models: names.slice(0, 100) });
    expect(await page('?offset=100')).toEqual({ total: '120', models: names.slice(100) });
    expect(await page('?limit=2&offset=3')).toEqual({ total: '120', models: ['m003', 'm004'] });
    expect((await page('?order=need&limit=2')).models).toEqual(['m077', 'm000']);
    for (const query of ['limit=0', 'limit=1001', 'offset=-1', 'order=size', 'page=2'])
      expect((await fetch(`${many.url}/api/v1/environments/live/models?${query}`)).status).toBe(400);
    await many.close();
  });

  it('lists the environments with their clocks', async () => {
    expect(await body('')).toEqual([
      {
        ...{ environment: 'live', clockMs: null, behind: 0, caughtUp: true, stale: null, replay: null },
        ...{ models: 0, openIncidents: 0 },
      },
      {
        ...{ environment: 'example', clockMs: 6 * minute, behind: 0, caughtUp: true, stale: null },
        ...{ replay: { step: 2, steps: 2, finished: true }, models: 1, openIncidents: 1 },
      },
    ]);
    expect(await body('/live')).toMatchObject({ environment: 'live' });
  });

  it('tells what the steps of a replay are called', async () => {
    expect(await body('/example/calendar')).toEqual(calendar);
  });

  it('lists models, and shows one of them', async () => {
    const [listed] = (await body('/example/models')) as unknown[];
    expect(listed).toMatchObject({ model: 'Fraud', serving: 'v2', verdict: 'out', openIncidents: [incident] });
    expect(await body('/example/models/Fraud')).toEqual(listed);
    expect(await body('/live/models')).toEqual([]);
  });

  it('tells the history of a metric over the window of the budget', async () => {
    const history = (await body('/example/models/Fraud/history')) as { points: { version: string }[] };
    expect(history).toMatchObject({ metric: 'accuracy', windowMs: 30 * minute, windows: [minute, 30 * minute] });
    expect(history.points.map(({ version }) => version).sort()).toEqual(['v1', 'v1', 'v1', 'v2', 'v2', 'v2']);
  });

  it('tells the history over another window', async () => {
    const history = await body(`/example/models/Fraud/history?metric=accuracy&window=${minute}`);
    expect(history).toMatchObject({ windowMs: minute, points: [{ atMs: 3 * minute, version: 'v2', value: 0.5 }] });
  });

  it('tells the history by prediction time: what was backfilled stands where it happened, as its last revision says', async () => {
    expect(await body('/example/models/Fraud/history?by=prediction-time')).toMatchObject({
      ...{ metric: 'accuracy', by: 'prediction-time', windowMs: minute, byPredictionTimeSinceMs: -9 * minute },
      points: [{ atMs: -8 * minute, version: 'v2', serving: true, value: 0.6, samples: 20 }],
    });
    expect(await body('/example/models/Fraud/history?by=prediction-time&metric=error_rate')).toMatchObject({
      points: [
        { atMs: -8 * minute, value: 0 },
        { atMs: minute, value: 0.2 },
      ],
    });
  });

  it('lists incidents, the newest first, at what they cost now', async () => {
    expect(await body('/example/incidents')).toMatchObject([
      { id: incident, state: 'open', openedAtMs: 4 * minute, costUsd: 0.6, usdPerMinute: 0.5 },
      { id: 'Fraud~RecallLow~1', state: 'resolved', costUsd: 12.5 },
    ]);
    expect(await body('/live/incidents')).toEqual([]);
  });

  it('lists incidents a page at a time, each page after the last incident of the one before', async () => {
    const page = async (query: string) => {
      const response = await fetch(`${server.url}/api/v1/environments/example/incidents${query}`);
      const views = (await response.json()) as { id: string }[];
      const [total, next] = ['x-total-count', 'x-next-before'].map((name) => response.headers.get(name));
      return { total, next, ids: views.map(({ id }) => id) };
    };
    const older = 'Fraud~RecallLow~1';
    expect(await page('?limit=1')).toEqual({ total: '2', next: encodeURIComponent(incident), ids: [incident] });
    expect(await page(`?limit=1&before=${incident}`)).toEqual({ total: '2', next: null, ids: [older] });
    expect(await page(`?before=${older}`)).toEqual({ total: '2', next: null, ids: [] });
    expect(await page('?state=open')).toEqual({ total: '1', next: null, ids: [incident] });
    expect(await page('?state=resolved&model=Fraud')).toEqual({ total: '1', next: null, ids: [older] });
    expect(await page('?model=Other')).toEqual({ total: '0', next: null, ids: [] });
    expect(await get('/example/incidents?before=Fraud~Drop~9')).toMatchObject({
      ...{ status: 404, body: { message: expect.stringContaining('begin again without "before"') } },
    });
    for (const query of ['limit=0', 'limit=1001', 'state=acknowledged', 'order=size'])
      expect((await get(`/example/incidents?${query}`)).status).toBe(400);
  });

  it('says of an open incident since when its alert fires without data', async () => {
    const without = await ConsoleServer.start({ environments: ['live'] });
    const missing = alertFigureOf(5 * minute, 'v2', AlertCondition.MISSING);
    const firing = alertOf(3 * minute, 'v2', AlertState.FIRING, 0.6);
    const deployed = deploymentOf(0, 'v2', Role.PRIMARY, 'pipeline');
    await without.facts('live', topics.snapshots, [deployed, firing, missing], 6 * minute);
    await without.facts('live', topics.incidents, incidentStory(4 * minute).slice(0, 2), 6 * minute);
    const path = `${without.url}/api/v1/environments/live/incidents`;
    const read = async (url: string) => (await fetch(url)).json();
    expect(await read(`${path}/${incident}`)).toMatchObject({ noDataSinceMs: 5 * minute });
    expect(await read(path)).toMatchObject([{ noDataSinceMs: 5 * minute }]);
    await without.close();
    expect(await body('/example/incidents')).toMatchObject([{ noDataSinceMs: null }, { noDataSinceMs: null }]);
  });

  it('shows an incident with its timeline', async () => {
    expect(await body(`/example/incidents/${incident}`)).toMatchObject({
      ...{ id: incident, title: 'Accuracy 18 %, limit 80 %, v2', summary: 'Accuracy is below the budget' },
      runbook: 'https://wiki.example.org/accuracy',
      url: 'https://moola.example.com/?environment=example#/incidents/Fraud~AccuracyDrop~1',
      timeline: [
        {
          number: 1,
          kind: 'opened',
          text: expect.stringContaining('Accuracy 18 %, limit 80 %, v2 (Accuracy is below the budget)'),
        },
        { number: 2, kind: 'tier' },
        { number: 3, kind: 'decision', text: expect.stringContaining('no comparison yet') },
      ],
    });
  });

  it('gives a post-mortem as Markdown', async () => {
    expect(await get('/example/incidents/Fraud~RecallLow~1/post-mortem')).toEqual({
      ...{ status: 200, type: 'text/markdown; charset=utf-8' },
      body:
        '# Accuracy was low\n\n[The incident on the console](<https://moola.example.com/?environment=example#/incidents/Fraud~RecallLow~1>)\n\n' +
        'Written by a replay: dates are those of the story, durations those of the replay.\n',
    });
  });

  it.each([
    ['/staging', 'there is no environment "staging"; there are live, example'],
    ['/staging/models', 'there is no environment "staging"; there are live, example'],
    ['/live/calendar', 'environment live runs no replay: its times are what they say'],
    ['/live/models/Fraud', 'environment live has seen no event of a model "Fraud"'],
    ['/live/models/Fraud/history', 'environment live has seen no event of a model "Fraud"'],
    ['/example/models/Fraud/history?metric=recal', 'nothing is known of "recal" of model "Fraud"; there are accuracy'],
    [
      '/example/models/Fraud/history?window=7',
      'accuracy of model "Fraud" is not known over 7 ms; it is over 60000, 1800000',
    ],
    [
      '/example/models/Fraud/history?by=prediction-time&metric=recall',
      '"recall" of model "Fraud" is not known by prediction time; there are accuracy, error_rate',
    ],
    ['/live/incidents/None-1', 'environment live has no incident "None-1"'],
    ['/live/incidents/None-1/post-mortem', 'environment live has no incident "None-1"'],
    [
      `/example/incidents/${incident}/post-mortem`,
      `incident ${incident} is open: its post-mortem is written when it is resolved`,
    ],
  ])('says of %s why there is nothing', async (path, message) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { message } });
  });

  it.each(['0', '-1', '1.5', '30m', ''])('refuses a window of "%s"', async (window) => {
    expect(await get(`/example/models/Fraud/history?window=${window}`)).toMatchObject({
      ...{ status: 400, body: { message: `window: "${window}" is no whole number of milliseconds above 0` } },
    });
  });

  it('refuses a history by anything else', async () => {
    expect(await get('/example/models/Fraud/history?by=outcome')).toMatchObject({
      ...{ status: 400, body: { message: 'by: "outcome" is neither window nor prediction-time' } },
    });
  });

  it('tells apart a model that is known from one that only looks like it', async () => {
    expect((await get('/example/models/Fraud%2Fhistory')).status).toBe(404);
  });
});
