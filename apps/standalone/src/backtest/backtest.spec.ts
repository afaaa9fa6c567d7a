import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { backtest, type BacktestOptions } from '../backtest-command.js';
import type { BacktestReport } from './report.js';

const folder = mkdtempSync(join(tmpdir(), 'moola-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rule = (name: string, below: number, samples = 5, model = 'churn') => `---
kind: Rule
name: ${name}
model: ${model}
metric: accuracy
window: 10m
compare: figure
below: ${below}
for: 0s
keepFiringFor: 0s
severity: critical
minimumSamples: ${samples}
`;
const model = (name: string) => `---
kind: Model
name: ${name}
labelHorizon: 1h
bucket: 1m
budget: { window: 10m, lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 5 }] }
`;
const definitions = file('churn.yaml', `${model('churn')}${rule('Drop', 0.8)}${rule('NeverEnough', 0.9, 1000)}`);
const stricter = file('stricter.yaml', `${model('churn')}${rule('Drop', 0.95)}${rule('NeverEnough', 0.9, 1000)}`);

const header = 'time,input,version,role,class,truth,known_at';
const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();

/** Wrong from 12:10 to 12:15, else right; an answer every 10 s for an hour. */
const rows = Array.from({ length: 360 }, (_, i) => {
  const isWrong = i >= 60 && i < 90;
  return `${at(i * 10)},i${i},v1,primary,${isWrong ? 0 : 1},1,${at(i * 10 + 5)}`;
});
const log = file('log.csv', [header, ...rows].join('\n'));

async function run(options: Partial<BacktestOptions> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await backtest({
    ...{ log, definitions, against: null, truth: null, graceMs: 0, releases: null, stepMs: 60_000, untilMs: null },
    ...{ model: null, timeZone: null, json: true, allowRefused: false, stdout, stderr },
    ...options,
  });
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  const [out, errors] = [text(stdout), text(stderr).replaceAll(`${folder}/`, '')];
  return { code, out, errors, report: () => JSON.parse(out) as BacktestReport };
}

describe('moola backtest', () => {
  it('reports transitions, what each rule did, and which was never evaluated', async () => {
    const { code, report, errors } = await run();
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const { transitions, rules, ...rest } = report();
    expect(rest).toEqual({
      ...{ format: 1, log, definitions, from: at(0), to: at(3600), stepSeconds: 60, refused: 0, against: null },
      counts: { predictions: 360, outcomes: 360, labelled: 360, duplicates: 0, unusable: 0 },
      models: [{ model: 'churn', firingSeconds: 600, score: null }],
    });
    expect(transitions.map((each) => `${each.at.slice(11, 16)} ${each.from} ${each.to} ${each.reason}`)).toEqual([
      '12:13 inactive firing condition held',
      '12:23 firing resolved recovered',
    ]);
    // 18 of the 60 answers whose truth became known in the window are wrong: 12:03 to 12:13.
    expect(transitions[0]).toMatchObject({
      ...{ model: 'churn', rule: 'Drop', version: 'v1', severity: 'critical', since: at(780), metric: 'accuracy' },
      ...{ windowSeconds: 600, value: 0.7, samples: 60, limit: 0.8, baseline: null },
    });
    expect(rules).toEqual([
      {
        ...{ model: 'churn', rule: 'Drop', metric: 'accuracy', severity: 'critical', fired: 1, firingSeconds: 600 },
        ...{ firingAtEnd: false, neverEvaluated: null, score: null },
      },
      {
        ...{ model: 'churn', rule: 'NeverEnough', metric: 'accuracy', severity: 'critical', fired: 0 },
        ...{ firingSeconds: 0, firingAtEnd: false, score: null },
        neverEvaluated: expect.stringMatching(/^it needs 1000 samples within 10m, and there were at most \d+ /),
      },
    ]);
  });

  it('says of a rule on segments by pattern which of them alerted', async () => {
    const byCountry = rule('ByCountry', 0.8).replace('metric:', 'match: { segment: { country: "*" } }\nmetric:');
    const inCountries = rows.map((row, i) => `${row},${i % 2 === 0 || (i >= 60 && i < 90) ? 'de' : 'fr'}`);
    const { report } = await run({
      definitions: file('countries.yaml', model('churn') + byCountry),
      log: file('countries.csv', [`${header},segment.country`, ...inCountries].join('\n')),
    });
    const { transitions, rules } = report();
    const told = transitions.map((each) => `${each.rule} ${each.segment?.value ?? 'all'} ${each.to}`);
    expect(told.filter((text) => text.startsWith('ByCountry'))).toEqual([
      'ByCountry de firing',
      'ByCountry de resolved',
    ]);
    // It does not stand in for the line of the budget, which is on all of the traffic.
    expect(told).toContain('budget.accuracy all firing');
    expect(rules.find((each) => each.rule === 'ByCountry')?.fired).toBe(1);
  });

  it('is held against the times at which the model really was bad', async () => {
    const truth = file(
      'truth.csv',
      `model,from,to,rule\nchurn,${at(600)},${at(900)},\nchurn,${at(2400)},${at(2500)},NeverEnough\nchurn,${at(9000)},,\n`,
    );
    const { code, report, errors } = await run({ truth });
    expect({ code, errors }).toEqual({
      ...{ code: 0, errors: 'moola: 1 of the intervals of --truth lie outside the log, and do not count\n' },
    });
    const [drop, never] = report().rules;
    expect(drop?.score).toEqual({
      ...{ trueFirings: 1, falseFirings: 0, detected: 1, missed: [], precision: 1, recall: 1 },
      ...{ medianDelaySeconds: 180, worstDelaySeconds: 180 },
    });
    expect(never?.score).toMatchObject({ precision: null, recall: 0, medianDelaySeconds: null });
    expect(never?.score?.missed).toEqual([
      { from: at(600), to: at(900) },
      { from: at(2400), to: at(2500) },
    ]);
    expect(report().models[0]?.score).toMatchObject({ detected: 1, missed: [{ from: at(2400), to: at(2500) }] });
    // The same for a person.
    const { out } = await run({ truth, json: false });
    expect(out).toContain('Drop         critical  1      10 min  100 % (1 of 1)');
    expect(out).toContain('missed: 2026-01-31 12:40 to 2026-01-31 12:41:40');
    expect(out).toMatch(/Drop {12}·{13}█{10}·{37}\n {2}really \(churn\) {2}·{10}█{5}/);
  });

  it('counts a late alert for its incident within the grace', async () => {
    const truth = file('early.csv', `model,from,to\nchurn,${at(600)},${at(700)}\n`);
    const [strict, lenient] = [await run({ truth }), await run({ truth, graceMs: 120_000 })];
    expect(strict.report().rules[0]?.score).toMatchObject({ falseFirings: 1, detected: 0 });
    expect(lenient.report().rules[0]?.score).toMatchObject({ falseFirings: 0, detected: 1, medianDelaySeconds: 180 });
  });

  it('shows how others differ, each as if it had been tried by itself', async () => {
    const both = (await run({ against: stricter })).report();
    const alone = (await run({ definitions: stricter })).report();
    expect(both.against).toMatchObject({ definitions: stricter, transitions: alone.transitions, rules: alone.rules });
    expect(both.against?.difference).toMatchObject({
      both: [
        { rule: 'Drop', version: 'v1', from: at(780), to: at(1380), beginsSecondsLater: 120, endsSecondsLater: -120 },
      ],
      ...{ only: [], onlyAgainst: [] },
    });
    const { out } = await run({ against: stricter, json: false });
    expect(out).toContain('0 firings alike, 1 at another time, 0 with one of them only');
    expect(out).toContain('begins 2 min later, ends 2 min earlier');
  });

  it('takes events as NDJSON, and several models beside each other', async () => {
    const several = file(
      'several.yaml',
      `${model('churn')}${rule('Drop', 0.8)}${model('fraud')}${rule('Bad', 0.8, 5, 'fraud')}`,
    );
    const lines = rows.flatMap((row) => {
      const [time, input, version, , answer, truth, knownAt] = row.split(',');
      return ['churn', 'fraud'].flatMap((name) => [
        JSON.stringify({
          source: 's',
          prediction: { model: name, input, version, role: 'primary', time, class: answer },
        }),
        JSON.stringify({ source: 's', outcome: { model: name, input, truth, knownAt } }),
      ]);
    });
    const report = (await run({ definitions: several, log: file('log.ndjson', lines.join('\n')) })).report();
    expect(report.transitions.map((each) => `${each.at.slice(11, 16)} ${each.model} ${each.to}`)).toEqual([
      ...['12:13 churn firing', '12:13 fraud firing', '12:23 churn resolved', '12:23 fraud resolved'],
    ]);
  });

  it('names the job of an alert, and keeps those of one rule apart', async () => {
    const watched = file(
      'jobs.yaml',
      `${model('churn')}${['job_failed', 'job_memory']
        .map(
          (metric) => `---
kind: Rule
name: ${metric === 'job_failed' ? 'Failed' : 'NeverSaid'}
model: churn
metric: ${metric}
above: 0.5
for: 0s
keepFiringFor: 0s
severity: warning
`,
        )
        .join('')}`,
    );
    const report = (job: string, second: number, state: string) =>
      JSON.stringify({
        source: 's',
        trainingProgress: { model: 'churn', job, time: at(second), step: second, state },
      });
    const prediction = { model: 'churn', input: 'i', version: 'v1', role: 'primary', time: at(0), class: '1' };
    const lines = [
      JSON.stringify({ source: 's', prediction }),
      ...[report('fit-7', 60, 'failed'), report('fit-8', 240, 'failed'), report('fit-7', 480, 'running')],
      ...[report('fit-7', 600, 'finished'), report('fit-8', 900, 'running')],
      JSON.stringify({ source: 's', prediction: { ...prediction, input: 'last', time: at(1800) } }),
    ];
    const options = { definitions: watched, log: file('jobs.ndjson', lines.join('\n')) };
    const { transitions, rules } = (await run(options)).report();
    expect(transitions.map(({ rule, version, subject, to }) => [rule, version, subject, to])).toEqual([
      ['Failed', '', { kind: 'job', name: 'fit-7' }, 'firing'],
      ['Failed', '', { kind: 'job', name: 'fit-8' }, 'firing'],
      ['Failed', '', { kind: 'job', name: 'fit-7' }, 'resolved'],
      ['Failed', '', { kind: 'job', name: 'fit-8' }, 'resolved'],
    ]);
    expect(rules.filter(({ metric }) => metric.startsWith('job_'))).toMatchObject([
      { rule: 'Failed', fired: 2, firingAtEnd: false, neverEvaluated: null },
      { rule: 'NeverSaid', fired: 0, neverEvaluated: 'no training job had a figure of job_memory' },
    ]);
    const { out } = await run({ ...options, json: false });
    expect(out).toMatch(/Failed +job fit-8 +inactive → firing/);
    const other = file('silent.yaml', model('churn'));
    const { against } = (await run({ ...options, against: other })).report();
    expect(against?.difference.only.map(({ subject }) => subject?.name)).toEqual(['fit-7', 'fit-8']);
  });

  it('lists the default rules on jobs that alerted', async () => {
    const progress = { model: 'churn', job: 'fit-7', time: at(60), step: 1, outOfMemory: true };
    const lines = [0, 1800].map((second, i) => {
      const [input, time] = [`i${i}`, at(second)];
      return JSON.stringify({ source: 's', prediction: { model: 'churn', input, version: 'v1', time, class: '1' } });
    });
    lines.push(JSON.stringify({ source: 's', trainingProgress: progress }));
    const { rules } = (await run({ log: file('oom.ndjson', lines.join('\n')) })).report();
    expect(rules.find(({ rule }) => rule === 'PretrainingOOM')).toMatchObject({ fired: 1, metric: 'job_time_to_oom' });
  });

  it('reads Parquet', async () => {
    const parquet = fileURLToPath(new URL('../replay/parquet-logs/zstd.parquet', import.meta.url));
    const { report } = await run({ log: parquet });
    expect(report().counts).toMatchObject({ predictions: 6 });
  });

  it('leaves out rows that cannot be read, and those of models that nobody declared', async () => {
    const mixed = file(
      'mixed.csv',
      [`model,${header}`, ...rows.map((row) => `churn,${row}`), `chrun,${rows[0]}`, 'x'].join('\n'),
    );
    const { code, errors, report } = await run({ log: mixed });
    expect(code).toBe(3);
    expect(errors).toContain('moola: refused: mixed.csv:363: has 1 cells, the header 8\n');
    expect(errors).toContain(
      'moola: mixed.csv: 2 events are of the model "chrun", left out as it is not declared in churn.yaml: did you mean "churn"?\n',
    );
    expect(report()).toMatchObject({ refused: 1, counts: { predictions: 360 } });
    expect((await run({ log: mixed, allowRefused: true })).code).toBe(0);
  });

  it.each<[string, Partial<BacktestOptions>, string]>([
    ['an empty log', { log: file('empty.csv', '') }, 'empty.csv:1: the file is empty'],
    ['a log of a header', { log: file('header.csv', header) }, 'header.csv: holds no prediction to replay'],
    [
      'a log of no declared model',
      { log: file('other.csv', `model,${header}\nfraud,${rows[0]}`) },
      'other.csv: 2 events are of the model "fraud", left out as it is not declared in churn.yaml, which declares churn',
    ],
    [
      'times without zone',
      { log: file('local.csv', `${header}\n2026-01-31T12:00:00,a,v1,primary,1,,`) },
      'local.csv:2: time: "2026-01-31T12:00:00" has no time zone',
    ],
    [
      'versions without role',
      { log: file('roles.csv', `time,input,version\n${at(0)},a,v1\n${at(1)},b,v2`) },
      'roles.csv: several versions of churn answer, and nothing says which one served',
    ],
    ['no definitions', { definitions: file('none.yaml', 'kind: Rul') }, 'none.yaml:1'],
    [
      'definitions of no model',
      { definitions: file('rule.yaml', rule('Drop', 0.8).replace('model: churn\n', '')) },
      'rule.yaml: declares no model',
    ],
    ['a wrong model', { model: 'fraud' }, 'churn.yaml: there is no model "fraud"; it declares churn'],
    ['a wrong truth', { truth: file('wrong.csv', `model,from,to\nchurn,${at(9)},${at(3)}`) }, 'wrong.csv:2: to: '],
    ['a file that is not there', { against: join(folder, 'gone.yaml') }, 'gone.yaml: there is no such file'],
    [
      'releases of nobody',
      {
        definitions: file('two.yaml', `${model('churn')}${model('fraud')}`),
        releases: file('releases.csv', `time,version,build,role,by\n${at(0)},v1,,primary,x`),
      },
      'releases.csv: say whose releases these are (--model): churn, fraud are declared',
    ],
  ])('says what is wrong with %s', async (_, options, problem) => {
    const { code, out, errors } = await run(options);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toContain(`moola: ${problem}`);
  });
});
