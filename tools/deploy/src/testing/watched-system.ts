import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MoolaProcess } from '@moola/console/testing/moola-process';
import { eventually } from '@moola/streams/testing/eventually';
import { freePorts } from '@moola/testbed/free-ports';
import { Prometheus, type ScrapeJob } from './prometheus.js';

const main = (app: string): string => fileURLToPath(new URL(`../../../../apps/${app}/dist/main.js`, import.meta.url));

export interface WatchedSystemOptions {
  /** Steps of the example's replay a second; `max` as fast as it goes. */
  readonly speed: string;
  /** How long the simulated model goes on: `10s`. */
  readonly simulateFor: string;
}

/**
 * What the dashboards are made for, really running: everything in one process with the example, a regression (`demand`), a model of
 * three classes (`colour`), training jobs, an instance and a measurement of `demand`, and a simulated model whose version goes bad, a console that reaches no Kafka, and a Prometheus that scrapes both.
 */
export class WatchedSystem {
  private constructor(
    readonly prometheus: Prometheus,
    readonly jobs: readonly ScrapeJob[],
    private readonly end: () => Promise<void>,
  ) {}

  static async start({ speed, simulateFor }: WatchedSystemOptions): Promise<WatchedSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'moola-watched-'));
    const [port] = (await freePorts(1)) as [number];
    const words = ['--example', '--headless', '--speed', speed, '--port', '0', '--data', join(folder, 'data')];
    const moola = await MoolaProcess.up(words);
    // Nobody listens on port 1: its connections are down, and it says so.
    const lonely = spawn(process.execPath, [main('console')], {
      env: {
        PATH: process.env['PATH'],
        ...{ MOOLA_MODE: 'distributed', MOOLA_KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' },
        ...{ MOOLA_INSTALLATION_KEY: Buffer.alloc(32).toString('base64'), MOOLA_LOG_LEVEL: 'silent' },
        MOOLA_PORT: String(port),
      },
      stdio: 'ignore',
    });
    const simulation = spawn(
      process.execPath,
      [main('cli'), 'simulate', '--model', 'churn', '--break', 'v7', '--duration', simulateFor, '--server', moola.url],
      { env: { PATH: process.env['PATH'] }, stdio: 'ignore' },
    );
    const jobs: ScrapeJob[] = [
      { job: 'standalone', path: '/metrics', target: new URL(moola.url).host },
      { job: 'moola-models', path: '/metrics/models', target: new URL(moola.url).host },
      { job: 'console', path: '/metrics', target: `127.0.0.1:${port}` },
    ];
    let prometheus: Prometheus | null = null;
    const end = async (): Promise<void> => {
      await prometheus?.stop();
      await Promise.all([killed(simulation), killed(lonely), moola.kill()]);
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await eventually('the console without Kafka answers', () => answers(`http://127.0.0.1:${port}/metrics`));
      prometheus = await Prometheus.start(jobs);
      await misuse(moola.url);
      await sendOtherTasks(moola.url);
      await sendTraining(moola.url);
      await sendMeasurements(moola.url);
    } catch (error) {
      await end();
      throw error;
    }
    return new WatchedSystem(prometheus, jobs, end);
  }

  /** What is scraped now. */
  async scraped({ path, target }: ScrapeJob): Promise<string> {
    return (await fetch(`http://${target}${path}`)).text();
  }

  stop(): Promise<void> {
    return this.end();
  }
}

/** An event that is none, and a request by a name that is not allowed. */
async function misuse(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/events`, { method: 'POST', headers, body: '[{"no": "event"}]' });
  const request = get(`${url}/`, { headers: { host: 'evil.example' } });
  const [response] = (await once(request, 'response')) as [{ resume(): void }];
  response.resume();
}

const classes = ['red', 'green', 'blue'] as const;

/** A regression and a model of several classes, and what they answered in the last seconds; mostly right. */
async function sendOtherTasks(url: string): Promise<void> {
  const yaml = Object.entries({ demand: 'regression', colour: 'multiclass' })
    .map(([name, task]) => `kind: Model\nname: ${name}\ntask: ${task}\nbucket: 1s\nbudget: { window: 30m }\n`)
    .join('---\n');
  const now = Date.now();
  const events = Array.from({ length: 60 }, (_, index) => {
    const [input, time] = [`watched-${index}`, new Date(now - 10_000 + index * 100).toISOString()];
    const about = { input, time, version: 'v1', role: 'ROLE_PRIMARY', latencyMs: 5 + (index % 7) };
    const [actual, wrong] = [classes[index % 3], classes[(index + 1) % 3]];
    return [
      { prediction: { ...about, model: 'demand', value: 100 + index + (index % 5) } },
      { outcome: { model: 'demand', input, value: 101 + index, knownAt: time } },
      { prediction: { ...about, model: 'colour', class: index % 4 === 0 ? wrong : actual } },
      { outcome: { model: 'colour', input, truth: actual, knownAt: time } },
    ].map((event) => ({ source: 'watched system', ...event }));
  });
  await post(`${url}/api/v1/environments/live/definitions`, { files: [{ file: 'tasks.yaml', yaml }] });
  await post(`${url}/v1/events`, events.flat());
}

/** Of `demand` a training job that goes on, one that is out of memory, and an instance whose disk is nearly full. */
async function sendTraining(url: string): Promise<void> {
  const now = Date.now();
  const time = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();
  const memory = { memoryBytes: 3e9, memoryLimitBytes: 4e9 };
  const progress = { ...memory, model: 'demand', totalSteps: 10_000, loss: 0.5 };
  const reports = Array.from({ length: 20 }, (_, index) => {
    return { trainingProgress: { ...progress, job: 'fit-1', time: time(100 - index * 5), step: index * 10 } };
  });
  const outOfMemory = { ...progress, job: 'fit-2', time: time(5), step: 7, outOfMemory: true };
  const sample = {
    ...{
      ...memory,
      model: 'demand',
      instance: 'pod-1',
      time: time(0),
      cpuRatio: 0.4,
      gpuRatio: 0.9,
      gpuMemoryRatio: 0.7,
    },
    ...{ diskRatio: 0.9, networkBytesPerSecond: 1e5 },
  };
  const events = [...reports, { trainingProgress: outOfMemory }, { infrastructureSample: sample }];
  await post(
    `${url}/v1/events`,
    events.map((event) => ({ source: 'watched system', ...event })),
  );
}

/** Orders that came through `demand`, and a rule that is not content with them. */
async function sendMeasurements(url: string): Promise<void> {
  const rule =
    'kind: Rule\nname: RevenueLow\nmodel: demand\nmetric: measurement_sum\nmatch: { measurement: revenue }\n';
  const yaml = `${rule}window: 30m\nbelow: 1e6\nfor: 0s\nseverity: warning\n`;
  await post(`${url}/api/v1/environments/live/definitions`, { files: [{ file: 'revenue.yaml', yaml }] });
  const now = Date.now();
  const events = Array.from({ length: 20 }, (_, index) => {
    const time = new Date(now - index * 500).toISOString();
    return {
      source: 'watched system',
      measurement: { model: 'demand', name: 'revenue', value: 10 + index, unit: 'USD', time },
    };
  });
  await post(`${url}/v1/events`, events);
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
