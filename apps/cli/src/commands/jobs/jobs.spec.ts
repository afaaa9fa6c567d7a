import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { JobState, SnapshotSchema, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { SignalSchema } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../../testing/moola.js';

const at = Date.UTC(2026, 0, 31, 12);
const minute = 60_000;

const facts: readonly Snapshot[] = [
  {
    case: 'job' as const,
    value: {
      ...{ job: 'fit-7', state: JobState.RUNNING, step: 1200, totalSteps: 50_000, startedMs: at, progressedMs: at },
      ...{ heardMs: at + minute, losses: [{ step: 1200, loss: 0.3125 }], stepsPerSecond: { value: 2.5 } },
      timeLeft: { value: 325 * minute, lower: 300 * minute, upper: 400 * minute },
      ...{ memoryBytes: 12 * 2 ** 30, memoryLimitBytes: 16 * 2 ** 30, outOfMemoryIn: { value: 20 * minute } },
      ...{ checkpointsSaved: 2, checkpointMs: at, checkpointsFailed: 1, restarts: 1 },
    },
  },
  { case: 'job' as const, value: { job: 'fit-6', state: JobState.STALLED, step: 3, heardMs: at } },
  {
    case: 'instance' as const,
    value: {
      ...{ instance: 'pod-1', heardMs: at, silent: true },
      figures: [
        { metric: 'instance_cpu', value: 0.42, samples: 4 },
        { metric: 'instance_memory_used', value: 2 ** 30, samples: 4 },
        { metric: 'instance_network', value: 120_000, samples: 4 },
      ],
    },
  },
].map((kind) => create(SnapshotSchema, { atMs: at, model: 'Fraud', kind }));

const asked = create(SignalSchema, {
  ...{ atMs: at, model: 'Fraud' },
  kind: {
    case: 'infrastructure',
    value: {
      ...{ definition: 'pods', version: 1, askedMs: at + minute, answeredMs: at, instances: 1, valuesDropped: 1 },
      problems: ['diskRatio: pod-1 is 83: a percentage? divide it by 100'],
    },
  },
});

let server: ConsoleServer;
const ask = (...words: string[]) => moola([...words, '--server', server.url]);

beforeAll(async () => {
  server = await ConsoleServer.start({ environments: ['live'] });
  await server.facts('live', topics.snapshots, facts, at);
  await server.facts('live', topics.signals, [asked], at + 1);
  const yaml = ['pods', 'unasked']
    .map((name) => `---\nkind: Infrastructure\nname: ${name}\nmodel: Fraud\nserver: main\npreset: dcgm\n`)
    .join('');
  const ofNew = '---\nkind: Infrastructure\nname: new\nmodel: New\nserver: main\npreset: dcgm\n';
  const body = JSON.stringify({
    file: 'pods.yaml',
    yaml: `kind: Model\nname: Fraud\n${yaml}---\nkind: Model\nname: New\n${ofNew}`,
  });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${server.url}/api/v1/environments/live/definitions`, { method: 'POST', headers, body });
});
afterAll(() => server.close());

it('moola jobs list has what wants to be looked at first', async () => {
  const { stdout } = await ask('jobs', 'list');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/).join(' | ')),
  ).toEqual([
    'MODEL | JOB | STATE | STEP | LEFT | MEMORY | HEARD (UTC)',
    'Fraud | fit-6 | stalled | 3 | – | – | 2026-01-31 12:00',
    'Fraud | fit-7 | running | 1,200 of 50,000 (2.4 %) | 5 h 25 min (5 h to 6 h 40 min) | 12 GiB of 16 GiB | 2026-01-31 12:01',
  ]);
});

it('moola jobs show says how far a job is, and what threatens it', async () => {
  const { stdout } = await ask('jobs', 'show', 'Fraud', 'fit-7');
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line): [string, string] => {
      const [name = '', value = ''] = line.split(/ {2,}/);
      return [name, value];
    });
  const lines = Object.fromEntries(pairs);
  expect(lines).toEqual({
    ...{ job: 'fit-7', model: 'Fraud', state: 'running', step: '1,200 of 50,000 (2.4 %)', pace: '2.5 steps a second' },
    ...{ 'time left': '5 h 25 min (5 h to 6 h 40 min)', loss: '0.3125', memory: '12 GiB of 16 GiB' },
    'out of memory': 'in 20 min, if memory grows on as it does',
    checkpoints: '2 saved, the last at 2026-01-31 12:00 UTC, 1 failed',
    ...{ restarts: '1 restart', started: '2026-01-31 12:00 UTC', 'last step': '2026-01-31 12:00 UTC' },
  });
  expect(await ask('jobs', 'show', 'Fraud', 'other')).toMatchObject({
    ...{ exitCode: 1, stdout: '' },
    stderr: expect.stringContaining('model "Fraud" has no training job "other"'),
  });
});

it('moola instances says how machines are', async () => {
  const { stdout } = await ask('instances', '--model', 'Fraud');
  const [head = '', row = '', ...asked] = stdout.split('\n').map((line) => line.trim().split(/ {2,}/).join(' | '));
  expect(head).toBe('MODEL | INSTANCE | STATE | CPU | MEMORY | USED | GPU | GPU MEMORY | DISK | NETWORK | HEARD (UTC)');
  expect(row).toBe('Fraud | pod-1 | silent | 42 % | – | 1 GiB | – | – | – | 117.2 KiB a second | 2026-01-31 12:00');
  expect(asked).toEqual([
    'pods: 1 instance, from main every 30 s; last answered 2026-01-31 12:00 UTC',
    'diskRatio: pod-1 is 83: a percentage? divide it by 100',
    'unasked: not asked yet, from main every 30 s (does a collector run, and does it read definitions?)',
    '',
  ]);
  expect((await ask('instances', '--model', 'New')).stdout).toBe(
    'no instances in environment live\nnew: not asked yet, from main every 30 s (does a collector run, and does it read definitions?)\n',
  );
  expect(await ask('instances', '--model', 'Nobody')).toMatchObject({ exitCode: 1, stdout: '' });
});

it('says that there are none, and what is no state', async () => {
  expect((await ask('jobs', 'list', '--state', 'finished')).stdout).toBe(
    'no training jobs that are finished in environment live\n',
  );
  expect(await ask('jobs', 'list', '--state', 'dead')).toMatchObject({ exitCode: 2, stdout: '' });
});
