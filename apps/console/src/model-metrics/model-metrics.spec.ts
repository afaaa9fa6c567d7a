import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { exposedMetric } from '@moola/metrics/exposed-metrics';
import { metrics } from '@moola/metrics/catalogue';
import { hasBounds } from '@moola/metrics/metric';
import { AlertState, BudgetVerdict, SnapshotSchema, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Comparator, SegmentSchema, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { EnvironmentFold } from '../read-model/environment-fold.js';
import { ModelFold } from '../read-model/model-fold.js';
import { ConsoleServer } from '../testing/console-server.js';
import { alertOf, breakdownOf, minute, model, protectedOf, revenueOf, segmentAlertOf } from '../testing/facts.js';
import { incidentStory } from '../testing/incident-facts.js';

import { limitFamilies } from './figure-families.js';
import { ModelMetrics } from './model-metrics.js';
import { segmentFamilies } from './segment-families.js';
import { stateFamilies } from './state-families.js';
import { writeFamilies } from './write-families.js';

const token = 'a-token-of-enough-length';

/** Where a metric stands in the catalogue, from 1 on. */
const at = (name: string): number => metrics.findIndex((metric) => metric.name === name) + 1;

/** Figures of every metric of the contracts: `index + 1` in its own unit, ratios a hundredth of it. */
function everyFigure(version: string, serving: boolean, windowMs: number, of: string = model): Snapshot {
  const figures = metrics.map((metric, index) => {
    const value = (index + 1) / (metric.ratio ? 100 : 1);
    return { metric: metric.name, value, samples: 9, ...(hasBounds(metric) && { lower: value / 2, upper: value * 2 }) };
  });
  const role = serving ? Role.PRIMARY : Role.SHADOW;
  return create(SnapshotSchema, {
    ...{ atMs: 0, model: of },
    kind: { case: 'window', value: { version, role, serving, windowMs, figures } },
  });
}

function budget(version: string): Snapshot {
  const line = { gate: false, severity: Severity.WARNING, comparator: Comparator.ABOVE };
  return create(SnapshotSchema, {
    ...{ atMs: 0, model },
    kind: {
      case: 'budget',
      value: {
        ...{ version, verdict: BudgetVerdict.OUT, serving: true, knownGood: true, windowMs: 30 * minute },
        lines: [
          { ...line, metric: 'accuracy', gate: true, verdict: BudgetVerdict.OUT, limit: 0.8 },
          { ...line, metric: 'latency_p95', verdict: BudgetVerdict.WITHIN, limit: 50 },
          { ...line, metric: 'recall', verdict: BudgetVerdict.UNKNOWN, limit: 0.75 },
        ],
      },
    },
  });
}

describe('metrics of models', () => {
  const fold = new EnvironmentFold('live');

  it('have the segments of what serves', () => {
    const text = textOf([
      everyFigure('v2', true, 30 * minute),
      breakdownOf(0, 'v2', true),
      breakdownOf(0, 'v1', false),
    ]);
    const labels = 'environment="live",model="Fraud",version="v2",key="country"';
    expect(text).toContain(`moola_model_segment_accuracy_ratio{${labels},segment="us"} 0.6\n`);
    expect(text).toContain(`moola_model_segment_worse{${labels},segment="us"} 1\n`);
    expect(text).toContain(`moola_model_segment_worse{${labels},segment="de"} 0\n`);
    expect(text).not.toMatch(/segment_worse\{[^}]*(version="v1"|others)/);
  });

  it('have one series for several lines on one figure, and one for those on a segment', () => {
    const story = budget('v2');
    if (story.kind.case !== 'budget') throw new Error('no budget');
    const [first] = story.kind.value.lines;
    if (first === undefined) throw new Error('no line');
    const segment = create(SegmentSchema, { key: 'country', value: 'us' });
    story.kind.value.lines.push(
      { ...first, limit: 0.5, verdict: BudgetVerdict.WITHIN },
      { ...first, limit: 0.4, verdict: BudgetVerdict.WITHIN, segment },
    );
    const text = textOf([everyFigure('v2', true, 30 * minute), story]);
    const lines = text.split('\n').filter((line) => line.startsWith('moola_model_budget_line_out{'));
    expect(lines.filter((line) => line.includes('metric="accuracy"')).map((line) => line.split('metric=')[1])).toEqual([
      '"accuracy",gate="true"} 1',
      '"accuracy",gate="true",segment="country=us"} 0',
    ]);
    expect(text).toContain(
      'moola_model_accuracy_limit_ratio{environment="live",model="Fraud",version="v2",role="primary"} 0.8',
    );
  });

  function textOf(snapshots: readonly Snapshot[]): string {
    fold.models.clear();
    const of = new ModelFold(model);
    fold.models.set(model, of);
    for (const each of snapshots) of.takeSnapshot(each);
    return writeFamilies([
      ...limitFamilies(exposed()),
      ...stateFamilies(exposed()),
      ...segmentFamilies([{ fold, models: [of.view([])] }]),
    ]);
  }

  function exposed() {
    const view = fold.models.get(model)?.view([]);
    return (view?.versions ?? []).flatMap((version) => (view ? [{ environment: 'live', model: view, version }] : []));
  }
});

describe('/metrics/models', () => {
  let server: ConsoleServer;
  const start = async (versionsInMetrics = 500): Promise<void> => {
    server = await ConsoleServer.start({ environments: ['live'], token, versionsInMetrics });
  };
  const ask = (headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` }) =>
    fetch(`${server.url}/metrics/models`, { headers });
  const series = async (): Promise<string[]> =>
    (await (await ask()).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const of = (lines: readonly string[], name: string) =>
    lines.filter((line) => line.startsWith(`${name}{`)).map((line) => line.slice(name.length));

  beforeEach(() => start());
  afterEach(() => server.close());

  it('has every metric of the contracts, in base units, over each window of each version', async () => {
    const windows = [30 * minute, 3 * minute];
    const facts = windows.flatMap((windowMs) => [
      everyFigure('v2', true, windowMs),
      everyFigure('v1', false, windowMs),
    ]);
    await server.facts('live', topics.snapshots, facts, minute);
    const lines = await series();
    const labels = '{environment="live",model="Fraud",version="v2",role="primary",window="30m"}';
    const value = (name: string) =>
      of(lines, name)
        .find((line) => line.startsWith(labels))
        ?.split(' ')[1];
    for (const { name } of metrics) expect([name, of(lines, exposedMetric(name).name).length]).toEqual([name, 4]);
    expect(value('moola_model_accuracy_ratio')).toBe('0.01');
    expect(value('moola_model_accuracy_lower_bound_ratio')).toBe('0.005');
    expect(value('moola_model_accuracy_upper_bound_ratio')).toBe('0.02');
    expect(value('moola_model_latency_p95_seconds')).toBe(`${at('latency_p95') / 1000}`);
    expect(value('moola_model_cost_per_prediction_usd')).toBe(`${at('cost_per_prediction')}`);
    expect(value('moola_model_throughput_per_second')).toBe(`${at('throughput') / 60}`);
    expect(value('moola_model_predictions')).toBe(`${at('predictions')}`);
    expect(value('moola_model_latency_increase_ratio')).toBe(`${at('latency_increase')}`);
    expect(of(lines, 'moola_model_recall_ratio')).toEqual([
      '{environment="live",model="Fraud",version="v2",role="primary",window="3m"} 0.03',
      '{environment="live",model="Fraud",version="v2",role="primary",window="30m"} 0.03',
      '{environment="live",model="Fraud",version="v1",role="shadow",window="3m"} 0.03',
      '{environment="live",model="Fraud",version="v1",role="shadow",window="30m"} 0.03',
    ]);
  });

  it('has budgets, limits, alerts, money and incidents', async () => {
    const window = everyFigure('v2', true, 30 * minute);
    const alert = alertOf(0, 'v2', AlertState.FIRING, 0.7);
    const ofCountry = segmentAlertOf(0, 'v2', 'de', AlertState.PENDING);
    await server.facts('live', topics.snapshots, [window, budget('v2'), alert, ofCountry], minute);
    await server.facts('live', topics.kpis, [revenueOf(0, 12), protectedOf(0, 3)], 2 * minute);
    const opened = incidentStory(0).slice(0, 1);
    await server.incidentEvents('live', opened);
    const lines = await series();
    const labels = 'environment="live",model="Fraud",version="v2",role="primary"';
    expect(of(lines, 'moola_model_budget_window_info')).toEqual([`{${labels},window="30m"} 1`]);
    expect(of(lines, 'moola_model_budget_state')).toEqual([
      `{${labels},state="within"} 0`,
      `{${labels},state="out"} 1`,
      `{${labels},state="unknown"} 0`,
    ]);
    expect(of(lines, 'moola_model_budget_line_out')).toEqual([
      `{${labels},metric="accuracy",gate="true"} 1`,
      `{${labels},metric="latency_p95",gate="false"} 0`,
    ]);
    expect(of(lines, 'moola_model_accuracy_limit_ratio')).toEqual([`{${labels}} 0.8`]);
    expect(of(lines, 'moola_model_latency_p95_limit_seconds')).toEqual([`{${labels}} 0.05`]);
    expect(of(lines, 'moola_model_known_good')).toEqual([`{${labels}} 1`]);
    const rule = `{${labels},rule="AccuracyDrop",severity="critical"}`;
    const country = `{${labels},rule="ByCountry",severity="critical",segment="country=de"}`;
    expect(of(lines, 'moola_model_alert_firing')).toEqual([`${rule} 1`, `${country} 0`]);
    expect(of(lines, 'moola_model_alert_pending')).toEqual([`${rule} 0`, `${country} 1`]);
    expect(of(lines, 'moola_model_alert_held_back')).toEqual([`${rule} 0`, `${country} 0`]);
    expect(of(lines, 'moola_model_earned_revenue_usd')).toEqual([`{${labels}} 12`]);
    const [projected] = of(lines, 'moola_model_projected_revenue_usd_per_second');
    expect(Number(projected?.split(' ')[1]) * 86_400).toBeCloseTo(290, 9);
    const [loss] = of(lines, 'moola_model_loss_usd_per_second');
    expect(Number(loss?.split(' ')[1]) * 60).toBeCloseTo(0.07, 9);
    expect(of(lines, 'moola_model_protected_usd')).toEqual(['{environment="live",model="Fraud"} 3']);
    expect(of(lines, 'moola_model_incidents_open')).toEqual(['{environment="live",model="Fraud"} 1']);
  });

  it('keeps to the cap: the same versions each time, the rest counted', async () => {
    await server.close();
    await start(2);
    const names = ['C', 'A', 'B'];
    const facts = names.map((name) => everyFigure('v1', true, minute, name));
    await server.facts('live', topics.snapshots, facts, minute);
    const lines = await series();
    expect(of(lines, 'moola_model_known_good').map((line) => /model="(\w)"/.exec(line)?.[1])).toEqual(['A', 'B']);
    expect(of(lines, 'moola_model_metrics_versions')).toEqual(['{environment="live"} 2']);
    expect(of(lines, 'moola_model_metrics_versions_left_out')).toEqual(['{environment="live"} 1']);
    expect(lines.filter((line) => line.includes('model="C"'))).toEqual([]);
  });

  it('writes names of any kind so that Prometheus reads them', async () => {
    const name = 'a "quoted" \\ name\nof two lines';
    await server.facts('live', topics.snapshots, [everyFigure('v1', true, minute, name)], minute);
    const [line] = of(await series(), 'moola_model_known_good');
    expect(line).toBe(
      String.raw`{environment="live",model="a \"quoted\" \\ name\nof two lines",version="v1",role="primary"} 0`,
    );
  });

  it('forgets a version that no longer serves and of which no window holds anything', async () => {
    const empty = everyFigure('v1', false, minute);
    if (empty.kind.case !== 'window') throw new Error('not a window');
    for (const figure of empty.kind.value.figures) figure.value = 0;
    await server.facts('live', topics.snapshots, [everyFigure('v2', true, minute), empty], minute);
    const lines = await series();
    expect(lines.some((line) => line.includes('version="v2"'))).toBe(true);
    expect(lines.filter((line) => line.includes('version="v1"'))).toEqual([]);
  });

  it('is let in as /metrics is: with the token, by any name', async () => {
    expect((await ask({})).status).toBe(401);
    const request = get(`${server.url}/metrics/models`, {
      headers: { host: 'pod-7', authorization: `Bearer ${token}` },
    });
    const [byAnyName] = (await once(request, 'response')) as [IncomingMessage];
    byAnyName.resume();
    expect(byAnyName.statusCode).toBe(200);
    const answer = await ask();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(of(await series(), 'moola_model_metrics_ready')).toEqual(['{environment="live"} 1']);
  });

  it('has no figures of an environment whose facts have not been read to their end', async () => {
    await server.facts('live', topics.snapshots, [everyFigure('v2', true, minute)], minute);
    const coming = new EnvironmentFold('live');
    const text = new ModelMetrics([coming], 10).text();
    expect(text).toContain('moola_model_metrics_ready{environment="live"} 0');
    expect(text).not.toContain('model="');
    const ready = new ModelMetrics([await server.foldAgain('live')], 10).text();
    expect(ready).toContain('moola_model_metrics_ready{environment="live"} 1');
    expect(ready).toContain('model="Fraud"');
  });
});
