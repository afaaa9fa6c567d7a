import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { eventually } from '@moola/streams/testing/eventually';
import { checkerProgram } from '@moola/testbed/checkers';
import { runCommand } from '@moola/testbed/command';
import { ruleGroups } from '../alerts/rule-groups.js';
import { once } from '../console-metrics.js';
import { PrometheusApi } from '../testing/prometheus.js';
import { WatchedSystem } from '../testing/watched-system.js';
import { dashboardOf } from './board.js';
import { boards } from './dashboards.js';
import { metricsIn, panelsOf, queriesOf, withVariables, type VariableValues } from './panel-queries.js';

/** What the viewer may choose: models of every task, for each has its own metrics. */
const choices = ['SimpleLSTM', 'demand', 'colour'].map((model) => ({ environment: '.*', model, window: '30m' }));
const values = choices[0] as VariableValues;

/** What only a system has that is worse off than the one here: a query may answer nothing, its metric exists. */
const quiet = [
  // Producers of the example state no cost.
  once('moola_model_cost_per_prediction_usd{environment=~"$environment", model="$model", window="$window"}'),
];

/** What a process has once Kafka has answered it: no alert but this one rests on it, and `promtool test rules` proves it. */
const withKafka = ['moola_topic_problems'];

const queries = boards.flatMap((board) =>
  panelsOf(dashboardOf(board)).flatMap((panel: Panel) =>
    queriesOf(panel).map(({ expr }) => ({ board: board.name, title: panel.title ?? '', expr })),
  ),
);

describe('the dashboards, by a real Prometheus that has scraped the running system', () => {
  let system: WatchedSystem;
  let api: PrometheusApi;
  const scrapes = new Map<string, string>();

  beforeAll(async () => {
    system = await WatchedSystem.start({ speed: 'max', simulateFor: '5s' });
    api = new PrometheusApi(system.prometheus.url);
    // The rollback of the example, the simulated model, and rates over what was scraped more than once.
    const holds = async (expr: string): Promise<boolean> => (await api.now(expr)).length > 0;
    await eventually('Prometheus has seen the rollback', () => holds('moola_actions_total{outcome="done"}'), 480_000);
    for (const seen of ['accuracy_ratio{model="churn"}', 'macro_f1_ratio{model="colour"}', 'mae{model="demand"}'])
      await eventually(`Prometheus has seen ${seen}`, () => holds(`moola_model_${seen}`));
    for (const alerting of ['moola_job_alert_firing', 'moola_instance_alert_firing', 'moola_measurement_alert_firing'])
      await eventually(`Prometheus has seen ${alerting}`, () => holds(`${alerting} == 1`));
    const rate = 'job_route:moola_http_requests:rate5m{route="/metrics/models"} > 0';
    await eventually('Prometheus computes rates', () => holds(rate));
    for (const job of system.jobs) scrapes.set(job.job, await system.scraped(job));
  }, 600_000);
  afterAll(() => system?.stop(), 120_000);

  /** Whether one of the choices is answered, now or since the start: where the example ends, some of its figures are unknown. */
  const isAnswered = async (expr: string): Promise<boolean> => {
    for (const expression of new Set(choices.map((choice) => withVariables(expr, choice))))
      for (const asked of [expression, `count_over_time((${expression})[30m:2s])`])
        if ((await api.now(asked)).length > 0) return true;
    return false;
  };

  it('promtool finds nothing wrong with what is scraped', async () => {
    const promtool = await checkerProgram('promtool');
    const folder = await mkdtemp(join(tmpdir(), 'moola-scraped-'));
    try {
      for (const [job, text] of scrapes) {
        await writeFile(join(folder, job), text);
        const checked = await runCommand('sh', ['-c', '"$0" check metrics < "$1"', promtool, join(folder, job)]);
        expect([job, checked]).toEqual([job, { code: 0, output: '' }]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('Prometheus is answered in the format that it prefers, OpenMetrics, and reads every family', async () => {
    for (const [job, text] of scrapes) {
      const ofText = Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type]) =>
        type === 'counter' ? name.replace(/_total$/, '') : name,
      );
      expect(ofText.length).toBeGreaterThan(10);
      expect((await api.families(job)).sort()).toEqual(ofText.sort());
    }
  });

  it('every metric that a query names is there: scraped, recorded by a rule, or of Prometheus itself', () => {
    const scraped = [...scrapes.values()].flatMap((text) =>
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const recorded = ruleGroups.flatMap(({ recordings }) => recordings.map(({ record }) => record));
    const there = new Set([...scraped, ...recorded, ...withKafka, 'up', 'ALERTS']);
    const named = [
      ...queries.map(({ expr }) => expr),
      ...ruleGroups.flatMap(({ alerts, recordings }) => [...alerts, ...recordings].map(({ expr }) => expr)),
    ].flatMap(metricsIn);
    expect(named.length).toBeGreaterThan(100);
    expect([...new Set(named)].filter((name) => !there.has(name))).toEqual([]);
  });

  it('every query of every panel answers with data, of a model that has it', async () => {
    const empty: string[] = [];
    for (const { expr } of queries) if (!(await isAnswered(expr))) empty.push(expr);
    expect(empty.sort()).toEqual([...quiet].sort());
  });

  it('every panel has data', async () => {
    const panels = new Set<string>();
    const filled = new Set<string>();
    for (const { board, title, expr } of queries) {
      panels.add(`${board}: ${title}`);
      if (await isAnswered(expr)) filled.add(`${board}: ${title}`);
    }
    expect([...panels].filter((panel) => !filled.has(panel))).toEqual([]);
  });

  it('every variable has values', async () => {
    for (const { name: board, variables } of boards) {
      for (const { name, values: query } of variables) {
        const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
        const found = await api.labelValues(label, withVariables(selector, values));
        expect([board, name, found.length > 0]).toEqual([board, name, true]);
      }
    }
  });

  it('the rules that are deployed are evaluated without an error, and the dead-man switch fires', async () => {
    const rules = await api.rules();
    expect(rules).toHaveLength(ruleGroups.flatMap(({ alerts, recordings }) => [...alerts, ...recordings]).length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.find(({ name }) => name === 'MoolaDeadManSwitch')?.state).toBe('firing');
    // The event that was none, the console that reaches no Kafka, and the training job that is out of memory.
    await eventually('Prometheus alerts on what is wrong', async () => {
      const firing = (await api.now('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname']);
      return ['MoolaDeadLetters', 'MoolaConnectionDown', 'PretrainingOOM'].every((name) => firing.includes(name));
    });
  });
});
