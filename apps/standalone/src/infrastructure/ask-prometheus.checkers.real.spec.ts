import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MoolaProcess } from '@moola/console/testing/moola-process';
import { eventually } from '@moola/streams/testing/eventually';
import { checkerProgram } from '@moola/testbed/checkers';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder, type GuardedFolder } from '@moola/testbed/guard';
import { ServerProcess } from '@moola/testbed/server-process';
import { stringify } from 'yaml';
import type { IncidentSummaryView, InfrastructureView, InstanceView } from '../console-views.js';
import { Exporter } from './exporter.js';

const asking = (name: string, more: object): object => ({
  ...{ kind: 'Infrastructure', name, model: 'churn', server: 'main', interval: '5s' },
  ...more,
});

const definitions = [
  { kind: 'Model', name: 'churn' },
  asking('machines', { preset: 'node-exporter', selector: 'job="exporter"' }),
  asking('pods', { preset: 'kubernetes', selector: 'namespace="ml",pod=~"churn-.*"' }),
  asking('gpus', { preset: 'dcgm' }),
  asking('wrong', { queries: { cpuRatio: 'avg by (instance) (node_cpu_seconds_total' } }),
];

/** A real process, a real Prometheus, and what real exporters expose. */
describe('moola up that asks a Prometheus', () => {
  let folder: GuardedFolder;
  let exporter: Exporter;
  let prometheus: ServerProcess;
  let moola: MoolaProcess;

  beforeAll(async () => {
    // Of the same package.
    await checkerProgram('promtool');
    const [port] = (await freePorts(1)) as [number];
    folder = guardedFolder('asked-prometheus');
    exporter = await Exporter.start();
    const file = join(folder.path, 'prometheus.yml');
    const scraped = { job_name: 'exporter', static_configs: [{ targets: [exporter.target] }] };
    const configuration = { global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: [scraped] };
    writeFileSync(file, stringify(configuration));
    prometheus = new ServerProcess({
      ...{ name: 'Prometheus', program: 'prometheus', folder: folder.path, ready: /ready to receive web requests/ },
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder.path, 'metrics')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
    });
    await prometheus.start();
    moola = await MoolaProcess.up(['--data', join(folder.path, 'data'), '--port', '0'], {
      MOOLA_PROMETHEUS_MAIN_URL: `http://127.0.0.1:${port}`,
    });
    const yaml = definitions.map((each) => stringify(each)).join('---\n');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ file: 'infrastructure.yaml', yaml });
    const applied = await fetch(`${moola.url}/api/v1/environments/live/definitions`, { method: 'POST', headers, body });
    expect(applied.status).toBe(200);
  }, 600_000);
  afterAll(async () => {
    await moola?.kill();
    await prometheus?.end('SIGKILL');
    await exporter?.close();
    await folder?.remove();
  }, 120_000);

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${moola.url}/api/v1/environments/live/${path}`)).json()) as T;
  const figure = ({ figures }: InstanceView, name: string): number => {
    return figures.find(({ metric }) => metric === `instance_${name}`)?.value ?? NaN;
  };

  it('knows its machines, pods and GPUs, by the queries of the presets', async () => {
    const whole = async (): Promise<ReadonlyMap<string, InstanceView>> => {
      const instances = await get<InstanceView[]>('instances');
      return new Map(instances.map((instance) => [instance.instance, instance]));
    };
    const needed: readonly (readonly [string, string])[] = [
      [exporter.target, 'cpu'],
      [exporter.target, 'network'],
      ['churn-1', 'cpu'],
      ['churn-1', 'network'],
      ['gpu-1', 'gpu'],
    ];
    await eventually('every figure is there', async () => {
      const instances = await whole();
      return needed.every(([name, metric]) => {
        const instance = instances.get(name);
        return instance !== undefined && !Number.isNaN(figure(instance, metric));
      });
    });
    const instances = await whole();
    expect([...instances.keys()].sort()).toEqual([exporter.target, 'churn-1', 'gpu-1'].sort());
    const [machine, pod, gpu] = [exporter.target, 'churn-1', 'gpu-1'].map((name) => instances.get(name)!) as [
      InstanceView,
      InstanceView,
      InstanceView,
    ];
    expect(figure(machine, 'cpu')).toBeCloseTo(0.25, 1);
    expect(figure(machine, 'memory')).toBeCloseTo(0.75, 9);
    expect(figure(machine, 'disk')).toBeCloseTo(0.95, 9);
    // Rates over two minutes of what has just come are too small; the share of the CPU is right from the begin.
    expect(figure(machine, 'network')).toBeGreaterThan(0);
    expect(figure(machine, 'network')).toBeLessThan(2000);
    expect(figure(pod, 'cpu')).toBeGreaterThan(0);
    expect(figure(pod, 'cpu')).toBeLessThan(0.6);
    expect(figure(pod, 'memory')).toBeCloseTo(0.375, 9);
    expect(figure(pod, 'network')).toBeGreaterThan(0);
    expect(figure(pod, 'network')).toBeLessThan(600);
    expect([figure(pod, 'gpu'), figure(pod, 'gpu_memory')]).toEqual([0.8, 0.75]);
    expect([figure(gpu, 'gpu'), figure(gpu, 'gpu_memory')]).toEqual([0.5, 0.75]);
  });

  it('opens an incident by a default rule', async () => {
    const open = () => get<IncidentSummaryView[]>('incidents?model=churn');
    const disk = async () => (await open()).find(({ rule }) => rule === 'InstanceDiskFull');
    await eventually('the disk is nearly full', async () => (await disk()) !== undefined);
    expect((await disk())?.subject).toEqual({ kind: 'instance', name: exporter.target });
  });

  it('says what is wrong with a query, in the words of the server', async () => {
    const asked = async () =>
      (await get<InfrastructureView[]>('infrastructure')).find((each) => each.definition === 'wrong');
    await eventually('it was asked', async () => ((await asked())?.problems.length ?? 0) > 0);
    expect((await asked())?.problems).toEqual([
      expect.stringMatching(/^cpuRatio: main refuses the query \(HTTP 400: bad_data: .*parse error: .*\)$/),
    ]);
    const others = await get<InfrastructureView[]>('infrastructure');
    expect(others.map(({ definition, problems }) => [definition, problems.length])).toEqual([
      ...[
        ['gpus', 0],
        ['machines', 0],
        ['pods', 0],
        ['wrong', 1],
      ],
    ]);
  });
});
