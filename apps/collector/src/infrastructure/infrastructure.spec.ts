import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import {
  DefinitionSchema,
  type InfrastructureDefinition,
  type InfrastructureDefinitionSchema,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { InfrastructureState } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { Metrics } from '@moola/platform/metrics/metrics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { CollectorModule } from '../collector.module.js';
import { InfrastructureMetrics } from './infrastructure-metrics.js';
import type { PrometheusServers } from './prometheus-servers.js';
import { PrometheusPeer, vectorAt, type PeerAnswer, type Question } from './story/prometheus-peer.js';

type Fields = Exclude<MessageInitShape<typeof InfrastructureDefinitionSchema>, InfrastructureDefinition>;

const definition = (name: string, fields: Fields = {}) => ({
  kind: 'data' as const,
  value: create(DefinitionSchema, {
    name,
    kind: {
      case: 'infrastructure',
      // More often than a file may ask for: a test waits for several questions.
      value: {
        ...{ model: 'churn', server: 'main', intervalMs: 50, instanceLabel: 'instance' },
        ...{ queries: { cpuRatio: 'cpu', memoryBytes: 'memory' }, ...fields },
      },
    },
  }),
});

const values: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cpu: { a: 0.25, b: 1.001 },
  memory: { a: 3e9 },
  percent: { a: 83 },
  nothing: {},
};

describe('a collector that asks a Prometheus', () => {
  let collector: ModuleOnLog;
  let peer: PrometheusPeer;
  let metrics: Metrics;
  let answer: (question: Question) => PeerAnswer;
  beforeEach(async () => {
    answer = ({ form }) => vectorAt(form.get('time'), values[form.get('query')!]!);
    peer = await PrometheusPeer.start((question) => answer(question));
    collector = await start(new Map([['MAIN', { url: new URL(peer.url), authorization: null, ca: null }]]));
  });
  afterEach(async () => {
    await collector.close();
    await peer.close();
  });

  const start = (servers: PrometheusServers, time: 'wall' | 'replay' = 'wall', timeoutMs = 300) => {
    metrics = new Metrics('collector');
    const infrastructure = { servers, metrics: new InfrastructureMetrics(metrics), timeoutMs };
    return ModuleOnLog.start(CollectorModule.with({ key: Buffer.alloc(32), infrastructure }), time);
  };

  const events = async (): Promise<Event[]> =>
    (await collector.data(topics.intake)).flatMap((row) => (row.kind === 'event' ? [row.event] : []));
  const samples = async () =>
    (await events()).flatMap(({ kind }) => (kind.case === 'infrastructureSample' ? [kind.value] : []));
  const states = async (): Promise<InfrastructureState[]> =>
    (await collector.data(topics.signals)).flatMap(({ kind }) => (kind.case === 'infrastructure' ? [kind.value] : []));
  const last = async (): Promise<InfrastructureState | undefined> => (await states()).at(-1);
  const stateWith = async (problem: RegExp): Promise<InfrastructureState> => {
    const found = async () => (await states()).findLast(({ problems }) => problems.some((each) => problem.test(each)));
    await eventually(`a state says ${problem}`, async () => (await found()) !== undefined);
    return (await found())!;
  };
  /** What came before it has then passed the join. */
  const afterAPrediction = async (): Promise<void> => {
    const prediction = { model: 'churn', version: 'v1', input: 'a', time: new Date().toISOString(), class: '1' };
    await collector.appendForeign(topics.telemetry, Buffer.from(JSON.stringify({ prediction })));
    const rows = () => collector.data(topics.observations);
    await eventually('a prediction passes', async () => (await rows()).some(({ kind }) => kind === 'prediction'));
  };
  const metric = async (name: string): Promise<Record<string, number>> => {
    const { values: found = [] } =
      (await metrics.registry.getSingleMetric(`moola_collector_infrastructure_${name}`)?.get()) ?? {};
    const named = found.map(({ labels, value }) => [String(labels['result'] ?? labels['definition']), value] as const);
    return Object.fromEntries(named);
  };

  it('writes what it answers as samples of its instances', async () => {
    await collector.append(topics.definitions, definition('pods'));
    await eventually('it was asked twice', async () => (await samples()).length >= 4);
    const [a, b, later] = await samples();
    expect(a).toMatchObject({ model: 'churn', instance: 'a', cpuRatio: 0.25, memoryBytes: 3e9 });
    expect(b).toMatchObject({ model: 'churn', instance: 'b', cpuRatio: 1 });
    expect(b!.memoryBytes).toBeUndefined();
    expect(later!.time).not.toEqual(a!.time);
    const written = await events();
    expect(written[0]!.source).toBe('infrastructure/pods');
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
    expect(await last()).toMatchObject({
      definition: 'pods',
      version: 0,
      instances: 2,
      valuesDropped: 0,
      problems: [],
    });
    expect((await last())!.answeredMs).toBe((await last())!.askedMs);
    const counted = async () => (await metric('samples_total'))['pods'] ?? 0;
    await eventually('they are counted', async () => (await counted()) >= 4);
    expect(await metric('instances')).toEqual({ pods: 2 });
    await eventually('they pass the join', async () => {
      const rows = await collector.data(topics.observations);
      return rows.some((row) => row.kind === 'event' && row.event.kind.case === 'infrastructureSample');
    });
  });

  it('asks one question at a time, for a definition', async () => {
    await collector.append(topics.definitions, definition('pods', { intervalMs: 5 }));
    await eventually('it was asked often', () => Promise.resolve(peer.questions.length > 40));
    expect(peer.mostOpen).toBe(1);
    expect([...new Set(peer.questions.slice(0, 4).map(({ form }) => form.get('query')))]).toEqual(['cpu', 'memory']);
  });

  it('repeats a question of the same instant under the same ids', async () => {
    const atSeconds = String(Date.now() / 1000);
    answer = () => vectorAt(atSeconds, { a: 0.5 });
    await collector.append(topics.definitions, definition('cached', { queries: { cpuRatio: 'cpu' } }));
    await eventually('the same came twice', async () => (await events()).length >= 2);
    expect(new Set((await events()).map(({ id }) => id)).size).toBe(1);
    await afterAPrediction();
    expect((await collector.data(topics.observations)).filter(({ kind }) => kind === 'event')).toHaveLength(1);
  });

  it('says what is wrong with an answer, and takes what is right', async () => {
    await collector.append(
      topics.definitions,
      definition('pods', { queries: { cpuRatio: 'cpu', diskRatio: 'percent' } }),
    );
    const state = await stateWith(/./);
    expect(state).toMatchObject({ instances: 2, valuesDropped: 1 });
    expect(state.problems).toEqual(['diskRatio: a is 83: a percentage? divide it by 100']);
    expect((await metric('values_dropped_total'))['pods']).toBeGreaterThan(0);
    expect(await metric('problems')).toEqual({ pods: 1 });
  });

  it('says that there is nothing', async () => {
    await collector.append(topics.definitions, definition('pods', { queries: { cpuRatio: 'nothing' } }));
    const state = await stateWith(/^no query answers a series: is the selector right/);
    expect(state).toMatchObject({ instances: 0 });
    expect(state.answeredMs).toBeUndefined();
    expect((await metric('rounds_total'))['empty']).toBeGreaterThan(0);
  });

  it('says that the server is not configured, and which setting would', async () => {
    await collector.append(topics.definitions, definition('pods', { server: 'in-cluster' }));
    await stateWith(/^no Prometheus "in-cluster" is configured: set MOOLA_PROMETHEUS_IN_CLUSTER_URL of the collector$/);
    expect(peer.questions).toEqual([]);
  });

  it.each<[string, PeerAnswer, RegExp]>([
    ['hangs', 'hang', /^main gives no answer in time$/],
    ['is broken', { status: 500, body: '' }, /^main answers HTTP 500$/],
    [
      'redirects',
      { status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' },
      /^main redirects to 127.0.0.1:9/,
    ],
  ])('asks on when the server %s, and takes what comes afterwards', async (_, bad, problem) => {
    answer = () => bad;
    await collector.append(topics.definitions, definition('pods'));
    const state = await stateWith(problem);
    expect(state.problems).toHaveLength(1);
    expect((await metric('rounds_total'))['failed']).toBeGreaterThan(0);
    answer = ({ form }) => vectorAt(form.get('time'), values[form.get('query')!]!);
    await eventually('it answers again', async () => (await last())?.instances === 2);
    expect((await last())!.problems).toEqual([]);
  });

  it('lets one server that hangs hold up no other definition, nor events', async () => {
    answer = (question) =>
      question.form.get('query') === 'hang' ? 'hang' : vectorAt(question.form.get('time'), values['cpu']!);
    await collector.append(
      topics.definitions,
      definition('hangs', { queries: { cpuRatio: 'hang' } }),
      definition('pods'),
    );
    await eventually('the other gives samples', async () => (await samples()).length > 0);
    await afterAPrediction();
  });

  it('lets many definitions that wait for a server hold up none that asks another', async () => {
    await collector.close();
    const hanging = await PrometheusPeer.start(() => 'hang');
    const at = (url: string) => ({ url: new URL(url), authorization: null, ca: null });
    const servers = new Map([
      ['MAIN', at(peer.url)],
      ['HANGS', at(hanging.url)],
    ]);
    collector = await start(servers, 'wall', 3_600_000);
    const many = Array.from({ length: 12 }, (_, i) => definition(`hangs-${i}`, { server: 'hangs' }));
    await collector.append(topics.definitions, ...many);
    await eventually('as many ask as may', () => Promise.resolve(hanging.open === 8));
    await collector.append(topics.definitions, definition('pods'));
    await eventually('the other gives samples', async () => (await samples()).length > 0);
    expect(hanging.mostOpen).toBe(8);
    await hanging.close();
  });

  it('asks for what is in force: a later definition replaces it, a deletion ends it', async () => {
    await collector.append(topics.definitions, definition('pods', { queries: { cpuRatio: 'percent' } }));
    await stateWith(/percentage/);
    await collector.append(topics.definitions, definition('pods', { queries: { cpuRatio: 'cpu' } }));
    await eventually('the new one is asked for', async () => (await last())?.version === 1);
    const asked = peer.questions.length;
    await eventually('it goes on', () => Promise.resolve(peer.questions.length > asked + 2));
    expect(peer.questions.slice(asked).every(({ form }) => form.get('query') === 'cpu')).toBe(true);
    await collector.append(
      topics.definitions,
      { kind: 'data', value: deletionOf('infrastructure', 'pods') },
      definition('other'),
    );
    await eventually('the other one is asked for', async () => (await last())?.definition === 'other');
    expect(await metric('instances')).toEqual({ other: 2 });
  });

  it('asks nobody in a replay', async () => {
    await collector.close();
    collector = await start(new Map([['MAIN', { url: new URL(peer.url), authorization: null, ca: null }]]), 'replay');
    await collector.append(topics.definitions, definition('pods', { intervalMs: 5 }));
    await eventually(
      'the definition is broadcast',
      async () => (await collector.definitions(topics.intake)).length > 0,
    );
    expect([peer.questions, await states()]).toEqual([[], []]);
  });
});
