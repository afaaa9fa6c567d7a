import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLetterReason } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { create } from '@bufbuild/protobuf';
import {
  InstanceSnapshotSchema,
  MeasurementSnapshotSchema,
  JobSnapshotSchema,
  SnapshotSchema,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { deadLetter } from '@moola/platform/dead-letters/letters';
import { ConsoleServer, testKey } from '../../testing/console-server.js';
import { breakdownOf, minute, windowOf } from '../../testing/facts.js';
import { incidentStory } from '../../testing/incident-facts.js';
import { routes, type DocumentedRoute } from './routes.js';
import { schemas, type SchemaName } from './schemas.js';

const letter = deadLetter(testKey, {
  ...{ atMs: 0, origin: 'http', reason: DeadLetterReason.MALFORMED, encoding: 'json', detail: 'no JSON' },
  original: Buffer.from('{'),
});
const resolvedIncident = 'Fraud~RecallLow~1';

/** Something that there is, for each parameter. */
const known: Record<string, string> = {
  ...{
    environment: 'live',
    model: 'Fraud',
    incident: resolvedIncident,
    command: 'command-1',
    id: letter.id,
    job: 'fit-7',
    kind: 'model',
    table: 'figures',
    column: 'version',
    name: 'Fraud',
  },
};
const bodies: Partial<Record<SchemaName, unknown>> = {
  NewToken: { name: 'ci', role: 'viewer', expiresAtMs: null },
  MissedIncident: {
    ...{ id: 'command-3', model: 'Fraud', from: '2026-01-31T12:00:00Z', to: '2026-01-31T13:00:00Z' },
  },
  Command: { id: 'command-2', kind: 'resolve', incidentNumber: 11 },
  Definitions: { file: 'definitions.yaml', yaml: 'kind: Model\nname: Fraud' },
};

const subjects: Snapshot[] = [
  { case: 'job' as const, value: create(JobSnapshotSchema, { job: 'fit-7', losses: [{ step: 1, loss: 2 }] }) },
  { case: 'instance' as const, value: create(InstanceSnapshotSchema, { instance: 'pod-1' }) },
  { case: 'measurement' as const, value: create(MeasurementSnapshotSchema, { measurement: 'revenue' }) },
].map((kind) => create(SnapshotSchema, { atMs: 0, model: 'Fraud', kind }));

const pods =
  'kind: Model\nname: Churn\n---\nkind: Infrastructure\nname: pods\nmodel: Churn\nserver: main\npreset: kubernetes\n';

const token = 'a-token-of-enough-length';
const headers = { authorization: `Bearer ${token}` };

const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(known[name] ?? ''));

describe('the description of the API', () => {
  let server: ConsoleServer;
  const ask = ({ method, path, body }: DocumentedRoute, signal: AbortSignal | null = null) =>
    fetch(server.url + filled(path), {
      method: method.toUpperCase(),
      signal,
      ...(body && { body: JSON.stringify(bodies[body]) }),
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    });

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live'], token, history: true });
    const made = await server.apiTokens.create(
      { name: 'a', role: 'viewer', environments: null, expiresAtMs: null },
      'b',
    );
    known['token'] = made.token.id;
    server.fold('live').calendar = { startMs: 0, stepMs: minute, labels: ['2008-06-30'] };
    await server.facts(
      'live',
      topics.snapshots,
      [windowOf(0, 'v1', 0.9, 'serves'), breakdownOf(0, 'v1', true), ...subjects],
      minute,
    );
    const story = incidentStory(0).map((event) => ({ ...event, incident: resolvedIncident }));
    await server.facts('live', topics.incidents, story, 2 * minute);
    await server.deadLetters('live', [letter]);
    await fetch(`${server.url}/api/v1/environments/live/definitions`, {
      ...{ method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      body: JSON.stringify({ file: 'pods.yaml', yaml: pods }),
    });
  });
  afterAll(() => server.close());

  it('is served', async () => {
    const response = await fetch(`${server.url}/api/v1/openapi.json`, { headers });
    const document = (await response.json()) as { openapi: string; paths: object; components: { schemas: object } };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([...new Set(routes.map(({ path }) => path))]);
    expect(Object.keys(document.components.schemas).sort()).toEqual(Object.keys(schemas).sort());
  });

  it('points at nothing that it does not hold', async () => {
    const text = await (await fetch(`${server.url}/api/v1/openapi.json`, { headers })).text();
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in schemas))).toEqual([]);
  });

  it('names every route that is served, and no other', () => {
    const documented = routes.map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    const served = server.routes.filter((route) => !route.startsWith('HEAD '));
    expect([...documented].sort()).toEqual([...served].sort());
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'tells what %s answers',
    async (_, route) => {
      const stop = new AbortController();
      const response = await ask(route, stop.signal);
      const { answer } = route;
      expect(response.status).toBe(answer.status);
      if ('media' in answer) {
        expect(response.headers.get('content-type')).toContain(answer.media);
        stop.abort();
        return;
      }
      const body: unknown = await response.json();
      const values = 'one' in answer ? [body] : (body as unknown[]);
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) schemas['one' in answer ? answer.one : answer.many].parse(value);
    },
  );

  it.each(
    routes
      .filter(({ refusals, path }) => refusals.includes(404) && path.includes('{environment}'))
      .map((route) => [route.path, route] as const),
  )('tells how %s refuses', async (_, route) => {
    const elsewhere = { ...route, path: route.path.replace('{environment}', 'nowhere') };
    const response = await ask(elsewhere);
    expect(response.status).toBe(404);
    schemas.Refusal.parse(await response.json());
  });
});
