import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type {
  InstanceSnapshotSchema,
  JobSnapshotSchema,
  MeasurementSnapshotSchema,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import {
  AlertState,
  JobState,
  SnapshotSchema,
  SubjectKind,
  type InstanceSnapshot,
  type JobSnapshot,
  type MeasurementSnapshot,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import type { JobSummaryView, JobView, MeasurementView } from '../read-model/subject-views.js';
import { ConsoleServer } from '../testing/console-server.js';
import { minute } from '../testing/facts.js';

type Job = Exclude<MessageInitShape<typeof JobSnapshotSchema>, JobSnapshot>;
type Measurement = Exclude<MessageInitShape<typeof MeasurementSnapshotSchema>, MeasurementSnapshot>;
type Instance = Exclude<MessageInitShape<typeof InstanceSnapshotSchema>, InstanceSnapshot>;

const job = (model: string, name: string, fields: Job = {}): Snapshot =>
  create(SnapshotSchema, {
    ...{ atMs: minute, model },
    kind: { case: 'job', value: { job: name, state: JobState.RUNNING, step: 5, heardMs: 7, ...fields } },
  });
const instance = (model: string, name: string, fields: Instance = {}): Snapshot =>
  create(SnapshotSchema, { atMs: minute, model, kind: { case: 'instance', value: { instance: name, ...fields } } });
const measurement = (model: string, name: string, fields: Measurement = {}): Snapshot =>
  create(SnapshotSchema, {
    ...{ atMs: minute, model },
    kind: { case: 'measurement', value: { measurement: name, ...fields } },
  });
const alert = (name: string): Snapshot =>
  create(SnapshotSchema, {
    ...{ atMs: minute, model: 'Fraud' },
    kind: {
      case: 'alert',
      value: {
        ...{ rule: 'PretrainingOOM', to: AlertState.FIRING, severity: Severity.CRITICAL, limit: 30 },
        figure: { metric: 'job_time_to_oom', value: 12, samples: 9 },
        subject: { kind: SubjectKind.JOB, name },
      },
    },
  });

describe('training jobs and instances', () => {
  let server: ConsoleServer;
  beforeEach(async () => {
    server = await ConsoleServer.start({ environments: ['live'] });
  });
  afterEach(() => server.close());

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${server.url}/api/v1/environments/live/${path}`)).json()) as T;
  const status = async (path: string) => {
    const response = await fetch(`${server.url}/api/v1/environments/live/${path}`);
    return [response.status, ((await response.json()) as { message: unknown }).message];
  };
  const facts = (...all: Snapshot[]) => server.facts('live', topics.snapshots, all, minute);

  it('are listed, those first that want to be looked at, without their curves', async () => {
    await facts(
      job('Fraud', 'done', { state: JobState.FINISHED, endedMs: 9 }),
      job('Fraud', 'old', { heardMs: 6 }),
      job('Fraud', 'new', { losses: [{ step: 5, loss: 0.5 }], totalSteps: 10 }),
      job('Churn', 'stuck', { state: JobState.STALLED }),
      job('Fraud', 'gone', { forgotten: true }),
    );
    const jobs = await get<JobSummaryView[]>('jobs');
    expect(jobs.map(({ model, job: name, state }) => [model, name, state])).toEqual([
      ['Churn', 'stuck', 'stalled'],
      ['Fraud', 'new', 'running'],
      ['Fraud', 'old', 'running'],
      ['Fraud', 'done', 'finished'],
    ]);
    expect(jobs[1]).toMatchObject({ step: 5, totalSteps: 10, loss: 0.5, timeLeftMs: null });
    expect(jobs[1]).not.toHaveProperty('losses');
    expect((await get<JobSummaryView[]>('jobs?model=Fraud&state=running&limit=1')).map((each) => each.job)).toEqual([
      'new',
    ]);
    expect(await status('jobs?state=dead')).toEqual([400, [expect.stringContaining('state: ')]]);
    expect(await status('jobs?model=Nobody')).toEqual([404, expect.stringContaining('"Nobody"')]);
    expect(await get('models/Fraud')).toMatchObject({ jobs: 3, instances: 0 });
  });

  it('are answered each with its curves and estimates', async () => {
    await facts(
      job('Fraud', 'fit/7', {
        losses: [{ step: 5, loss: 0.5 }],
        memory: [{ timeMs: 5, bytes: 100 }],
        timeLeft: { value: 10, lower: 8 },
      }),
    );
    const { losses, memory, timeLeftMs } = await get<JobView>('models/Fraud/jobs/fit%2F7');
    expect({ losses, memory, timeLeftMs }).toEqual({
      losses: [{ step: 5, loss: 0.5 }],
      memory: [{ timeMs: 5, bytes: 100 }],
      timeLeftMs: { value: 10, lower: 8, upper: null },
    });
    expect(await status('models/Fraud/jobs/other')).toEqual([404, expect.stringContaining('no training job "other"')]);
  });

  it('have alerts of their own, which go with them', async () => {
    await facts(job('Fraud', 'a'), job('Fraud', 'b'), alert('a'), alert('b'));
    const alerts = async () => (await get<{ alerts: { subject: unknown; title: string }[] }>('models/Fraud')).alerts;
    expect((await alerts()).map(({ subject, title }) => [subject, title])).toEqual([
      [{ kind: 'job', name: 'a' }, 'Time until out of memory 12 min, limit 30 min'],
      [{ kind: 'job', name: 'b' }, 'Time until out of memory 12 min, limit 30 min'],
    ]);
    await facts(job('Fraud', 'a', { forgotten: true }));
    expect((await alerts()).map(({ subject }) => subject)).toEqual([{ kind: 'job', name: 'b' }]);
  });

  it('keep a model listed that has nothing else, and say whether it is declared', async () => {
    await facts(instance('Rack', 'gpu-1', { undeclared: true }), instance('Rack', 'gpu-0', { silent: true }));
    expect(await get('models')).toMatchObject([{ model: 'Rack', declared: true, instances: 2, serving: '' }]);
    expect(await get('instances')).toMatchObject([
      { instance: 'gpu-0', silent: true },
      { instance: 'gpu-1', silent: false },
    ]);
  });

  it('have measurements beside them, those of too many names last', async () => {
    const revenue = { unit: 'USD', values: 5, heardMs: minute, valuesOfOtherUnit: 2, otherUnit: 'EUR' };
    await facts(
      measurement('Fraud', '', { other: true, values: 3 }),
      measurement('Fraud', 'revenue', revenue),
      measurement('Fraud', 'rating'),
      measurement('Churn', 'revenue', { forgotten: true }),
    );
    const listed = await get<MeasurementView[]>('measurements?model=Fraud');
    expect(listed.map(({ measurement: name, other }) => [name, other])).toEqual([
      ['rating', false],
      ['revenue', false],
      ['', true],
    ]);
    expect(await get('measurements?model=Fraud&name=revenue')).toMatchObject([{ model: 'Fraud', ...revenue, late: 0 }]);
    expect(await get('measurements')).toHaveLength(3);
    expect(await get('models/Fraud')).toMatchObject({ measurements: 3 });
    expect(await status('measurements?nme=x')).toEqual([400, expect.anything()]);
  });

  it('have measurements in /metrics/models, whose silence grows with time', async () => {
    const figure = (metric: string, value: number) => ({ metric, value, samples: 9 });
    const figures = [
      ...[figure('measurement_mean', -2.5), figure('measurement_sum', 7), figure('measurement_count', 3)],
      figure('measurement_silent', 0),
    ];
    await facts(
      measurement('Fraud', 'revenue', { figures, heardMs: minute, valuesOfOtherUnit: 2 }),
      measurement('Fraud', '', { other: true, values: 40 }),
    );
    await server.facts('live', topics.snapshots, [job('Fraud', 'a')], 3 * minute);
    const lines = (await (await fetch(`${server.url}/metrics/models`)).text()).split('\n');
    const of = '{environment="live",model="Fraud",measurement="revenue"}';
    expect(lines).toEqual(
      expect.arrayContaining([
        `moola_measurement_mean${of} -2.5`,
        `moola_measurement_values_added${of} 7`,
        `moola_measurement_values${of} 3`,
        `moola_measurement_silent_seconds${of} 120`,
        'moola_measurement_values_of_other_names{environment="live",model="Fraud"} 40',
        'moola_measurement_values_of_other_unit{environment="live",model="Fraud"} 2',
      ]),
    );
    expect(lines.some((line) => line.includes('measurement=""'))).toBe(false);
  });

  it('are in /metrics/models in base units', async () => {
    const figures = [
      { metric: 'job_time_to_oom', value: 12, samples: 9 },
      { metric: 'job_memory', value: 0.5, samples: 9 },
    ];
    await facts(job('Fraud', 'a', { figures }), alert('a'));
    await facts(instance('Fraud', 'pod', { figures: [{ metric: 'instance_cpu', value: 0.25, samples: 4 }] }));
    const lines = (await (await fetch(`${server.url}/metrics/models`)).text()).split('\n');
    const of = '{environment="live",model="Fraud",training_job="a"';
    expect(lines).toEqual(
      expect.arrayContaining([
        `moola_job_time_to_oom_seconds${of}} 720`,
        `moola_job_memory_ratio${of}} 0.5`,
        `moola_job_state${of},state="running"} 1`,
        `moola_job_state${of},state="failed"} 0`,
        `moola_job_alert_firing${of},rule="PretrainingOOM",severity="critical"} 1`,
        'moola_instance_cpu_ratio{environment="live",model="Fraud",serving_instance="pod"} 0.25',
      ]),
    );
    expect(lines.some((line) => line.startsWith('moola_job_loss{'))).toBe(false);
  });

  it('are in /metrics/models as of now, though nothing more is heard of them', async () => {
    const hour = 60 * minute;
    const figure = (metric: string, value: number) => ({ metric, value, samples: 9 });
    const figures = [
      ...[figure('job_without_progress', 0), figure('job_duration', 1), figure('job_memory', 0.5)],
      ...[figure('job_checkpoint_failures', 2), figure('job_restarts', 3)],
    ];
    const times = { startedMs: 0, progressedMs: minute, heardMs: minute };
    await facts(
      job('Fraud', 'silent', { ...times, figures }),
      job('Fraud', 'ended', {
        ...{ ...times, state: JobState.FINISHED, endedMs: minute },
        figures: [figure('job_without_progress', 0), figure('job_duration', 0)],
      }),
      instance('Fraud', 'pod', { heardMs: minute, figures: [figure('instance_silence', 0)] }),
      // Of which too little is known.
      instance('Fraud', 'new', { heardMs: minute, figures: [{ metric: 'instance_silence', samples: 0 }] }),
    );
    const metricsAt = async (tickMs: number): Promise<Record<string, number>> => {
      await server.facts('live', topics.snapshots, [], tickMs);
      const text = await (await fetch(`${server.url}/metrics/models`)).text();
      const found = text.matchAll(
        /^moola_(job|instance)_(\w+)\{environment="live",model="Fraud",\w+="(\w+)"\} (\S+)$/gm,
      );
      return Object.fromEntries([...found].map(([, , metric, name, value]) => [`${name} ${metric}`, Number(value)]));
    };
    type Figures = { readonly figures: readonly { readonly metric: string; readonly value: number | null }[] };
    /** As the API answers it, minutes: of the list, and of the job itself. */
    const answered = async (metric: string): Promise<(number | null | undefined)[]> => {
      const jobs = await get<(Figures & { readonly job: string })[]>('jobs');
      const all = [jobs.find(({ job: name }) => name === 'silent'), await get<Figures>('models/Fraud/jobs/silent')];
      return all.map((each) => each?.figures.find((one) => one.metric === metric)?.value);
    };
    const silences = async () =>
      (await get<(Figures & { readonly instance: string })[]>('instances')).map((each) => [
        each.instance,
        each.figures[0]?.value,
      ]);
    const after = (minutes: number) => ({
      ...{ 'silent without_progress_seconds': (minutes - 1) * 60, 'silent duration_seconds': minutes * 60 },
      ...{ 'ended without_progress_seconds': 0, 'ended duration_seconds': 0 },
      ...{ 'silent memory_ratio': 0.5, 'pod silence_seconds': (minutes - 1) * 60 },
    });
    expect(await metricsAt(60 * minute)).toEqual({
      ...after(60),
      ...{ 'silent checkpoint_failures': 2, 'silent restarts': 3 },
    });
    // What was counted over an hour is over.
    expect(await metricsAt(minute + hour)).toEqual({
      ...after(61),
      ...{ 'silent checkpoint_failures': 0, 'silent restarts': 0 },
    });
    // The API says the same.
    expect(await answered('job_without_progress')).toEqual([60, 60]);
    expect(await answered('job_restarts')).toEqual([0, 0]);
    expect(await silences()).toEqual([
      ['new', null],
      ['pod', 60],
    ]);
  });
});
