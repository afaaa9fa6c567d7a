import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { predictionRow } from '@moola/collector/receive/domain/prediction-row';
import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { readLog as readLogOf, type LoggedEvent, type LogReadingOptions } from './log-reader.js';
import { readReleases } from './releases.js';
import { readReplay } from './replay-inputs.js';
import { mostSteps } from './schedule.js';

const folder = mkdtempSync(join(tmpdir(), 'moola-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function rowOf(event: Event): IntakeRow {
  const { kind } = event;
  return kind.case === 'prediction' ? predictionRow(event.id, event.source, kind.value) : { kind: 'event', event };
}

/** Reads a log, every event of which the doors take unless it is said otherwise. */
async function readLog(path: string, options: Partial<LogReadingOptions> = {}) {
  const events: LoggedEvent[] = [];
  const reading = await readLogOf(path, {
    ...{ model: 'm', clocks: null, take: (event) => void events.push(event) },
    receive: (event) => ({ accepted: true, row: rowOf(event), model: '' }),
    ...options,
  });
  return reading.ok ? { ...reading, events } : reading;
}

/** What is said of the rows of a log, without its path. */
async function refusedRows(name: string, text: string | Buffer, options: Partial<LogReadingOptions> = {}) {
  const reading = await readLog(file(name, text), options);
  if (!reading.ok) throw new Error(`nothing was read: ${reading.problems.join()}`);
  return reading.refused.list().map((problem) => problem.slice(folder.length + 1));
}

/** What stands of an outcome: nothing of another row. */
const outcomeOf = (row: IntakeRow) =>
  row.kind === 'event' && row.event.kind.case === 'outcome' ? row.event.kind.value : null;

const header = 'time,input,version,class,score,latency_ms,truth,known_at';

describe('a log as CSV', () => {
  it('gives a prediction a row, and the outcome of an input once', async () => {
    const rows = ['v1', 'v2'].map((v) => `2026-01-01T00:00:00Z,a,${v},1,0.9,3,0,2026-01-01T00:05:00Z`);
    const reading = await readLog(file('log.csv.gz', gzipSync([header, ...rows].join('\n'))));
    if (!reading.ok) throw new Error(reading.problems.join());
    const told = reading.events.map(({ row }) => (row.kind === 'prediction' ? row.version : outcomeOf(row)?.truth));
    expect(told).toEqual(['v1', '0', 'v2']);
    expect(reading.events[1]?.timeMs).toBe(Date.UTC(2026, 0, 1, 0, 5));
  });

  it.each([
    ['', `:1: the file is empty`],
    ['time,input', `:1: the header has no column "version"; it has time, input`],
    [`\n\n${header},latencyms`, `:3: "latencyms" is no column; known are time, input, version`],
    ['time,input,version,class,class', `:1: the column "class" stands twice: columns 4 and 5`],
    [',time,input,version', `:1: column 1 has no name (does it hold row numbers? leave it out)`],
    ['time;input;version', `:1: cells are separated by ";": commas are needed`],
    ['"time,input,version', `:1: opens a quote that is never closed`],
  ])('with a wrong header is not read: %j', async (text, problem) => {
    const reading = await readLog(file('wrong.csv', text));
    if (reading.ok) throw new Error('it was read');
    expect(reading.problems[0]).toContain(`wrong.csv${problem}`);
  });

  it.each([
    ['yesterday,a,v1,1,,,,', `:2: time: "yesterday" is no time such as 2026-01-31T12:00:00Z`],
    ['2026-01-31T12:00:00,a,v1,1,,,,', `:2: time: "2026-01-31T12:00:00" has no time zone: write`],
    ['2026-02-30T10:00:00Z,a,v1,1,,,,', `:2: time: "2026-02-30T10:00:00Z" names a day or an hour that does not exist`],
    [
      '01/02/2026 10:00,a,v1,1,,,,',
      `:2: time: "01/02/2026 10:00" may begin with the day or with the month, and is not guessed: write 2026-01-31T12:00:00Z`,
    ],
    ['12,a,v1,1,,,,', `:2: time: "12" is no time such as`],
    ['1969-12-31T12:00:00Z,a,v1,1,,,,', `:2: time: 1969-12-31T12:00:00.000Z is before 1970`],
    [',a,v1,1,,,,', `:2: time: is empty`],
    ['2026-01-01T00:00:00Z,a,v1,1,high,,,', `:2: score: "high" is no number`],
    ['2026-01-01T00:00:00Z,a,v1,1,0x1,,,', `:2: score: "0x1" is no number`],
    ['2026-01-01T00:00:00Z,a,v1,1,1e999,,,', `:2: score: "1e999" is no number`],
    ['2026-01-01T00:00:00Z,a,v1', `:2: has 3 cells, the header 8`],
    ['2026-01-01T00:00:00Z,,v1,1,,,,', `:2: input: is empty`],
    ['2026-01-01T00:00:00Z,a,v1,1,,,1,', `:2: known_at: is empty`],
    ['2026-01-01T00:00:00Z,a,v1,1,,,1,1969-01-01T00:00:00Z', `:2: known_at: 1969-01-01T00:00:00.000Z is before 1970`],
    ['2026-01-01T00:00:00Z,a 5" pipe,v1,1,,,,', `:2: has a quote inside a cell`],
    ['2026-01-01T00:00:00Z,"a"b,v1,1,,,,', `:2: has something between a closing quote and the next comma`],
    ['2026-01-01T00:00:00Z,"a,v1,1,,,,', `:2: opens a quote that is never closed`],
  ])('leaves a row out, and says which and why: %s', async (row, problem) => {
    const sound = '2026-01-01T00:00:00Z,sound,v1,1,,,,';
    const reading = await readLog(file('wrong.csv', `${header}\n${row}\n${sound}\n`));
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.refused.list()[0]).toContain(`wrong.csv${problem}`);
    expect(reading.refused.count).toBe(1);
    expect(reading.events.map(({ line }) => line)).toEqual([3]);
  });

  it('leaves a row out whose truth contradicts another, prediction and all', async () => {
    const rows = ['1', '0'].map((truth) => `2026-01-01T00:00:00Z,a,v${truth},1,,,${truth},2026-01-01T00:05:00Z`);
    const reading = await readLog(file('wrong.csv', [header, ...rows].join('\n')));
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.refused.list()[0]).toContain(`:3: truth: "0" of input a contradicts "1" in line 2`);
    expect(reading.events).toHaveLength(2);
  });

  it('leaves a row out that the doors would refuse, by the names of its columns', async () => {
    const refused = { reason: 'invalid-field', field: 'prediction.latencyMs', detail: 'is too much' } as const;
    const text = `${header}\n2026-01-01T00:00:00Z,a,v1,1,,,,`;
    expect(await refusedRows('door.csv', text, { receive: () => ({ accepted: false, refused }) })).toEqual([
      'door.csv:2: latency_ms: is too much',
    ]);
  });

  it('reads times of local clocks when it is told which', async () => {
    const text = [header, '2026-07-01T12:00:00,a,v1,1,,,,', '2026-07-01T12:00:00Z,b,v1,1,,,,'].join('\n');
    const reading = await readLog(file('local.csv', text), { clocks: timeZone('Europe/Berlin') });
    expect(reading).toMatchObject({
      events: [{ timeMs: Date.UTC(2026, 6, 1, 10) }, { timeMs: Date.UTC(2026, 6, 1, 12) }],
    });
  });

  it('reads a byte order mark, and line ends of every kind beside each other', async () => {
    const row = (input: string, truth = '1') => `2026-01-01T00:00:00Z,${input},v1,1,,,${truth},2026-01-01T00:05:00Z`;
    const text = `\ufeff${header}\r\n${row('a')}\n\n\r\n${row('b')}\r${row('"c\r\nd"')}\r\n${row('e', '')}\n${row('f')}x`;
    const reading = await readLog(file('ends.csv', text));
    if (!reading.ok) throw new Error(reading.problems.join());
    const inputs = reading.events.map(({ row, line }) => {
      const outcome = outcomeOf(row);
      return outcome === null ? `${line}` : `${outcome.input} is ${outcome.truth}`;
    });
    expect(inputs).toEqual(['2', 'a is 1', '5', 'b is 1', '6', 'c\r\nd is 1', '8']);
    expect(reading.refused.list()[0]).toContain(':9: known_at: "2026-01-01T00:05:00Zx" is no time');
  });

  it.each([
    [Buffer.from(`${header}\n2026-01-01T00:00:00Z,M\xfcller,v1,1,,,,\n`, 'latin1'), ':2: is no UTF-8'],
    [Buffer.from(`\ufeff${header}`, 'utf16le'), ': is UTF-16: save it as UTF-8'],
    [gzipSync(header).subarray(0, 20), ': cannot be unzipped: '],
  ])('in another encoding is not guessed at', async (bytes, problem) => {
    const reading = await readLog(file('encoding.csv', bytes));
    if (reading.ok) throw new Error('it was read');
    expect(reading.problems[0]).toContain(`encoding.csv${problem}`);
  });

  it('with very many problems lists the first and counts the rest', async () => {
    const rows = Array.from({ length: 50 }, () => 'x,,v1,1,,,,');
    const reading = await readLog(file('many.csv', [header, ...rows].join('\n')));
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.refused.list()).toHaveLength(21);
    expect(reading.refused.list().at(-1)).toContain('and 80 more');
    expect(reading.refused.count).toBe(50);
  });
});

describe('a log as NDJSON', () => {
  it('takes events as the door does', async () => {
    const line = { id: 'e1', prediction: { model: 'm', version: 'v1', input: 'a', time: '2026-01-01T00:00:00Z' } };
    const reading = await readLog(file('log.ndjson', `\ufeff${JSON.stringify(line)}\r\n\n`));
    expect(reading).toMatchObject({ ok: true, events: [{ timeMs: Date.UTC(2026, 0, 1) }] });
  });

  it('names the lines that cannot be read', async () => {
    const lines = [
      '{"id":"e1"}',
      '',
      '{',
      '{"predicton":{}}',
      JSON.stringify({ prediction: { time: '2026-02-30T10:00:00Z' } }),
    ];
    const local = JSON.stringify({ prediction: { time: '2026-01-31T10:00:00' } });
    const old = JSON.stringify({ outcome: { knownAt: '1969-01-31T10:00:00Z' } });
    const refused = await refusedRows('bad.ndjson', [...lines, local, old].join('\n'));
    expect(refused[0]).toBe('bad.ndjson:1: the event has no kind, or its kind no time');
    expect(refused[1]).toContain('bad.ndjson:3: is no JSON: ');
    expect(refused[2]).toContain('bad.ndjson:4: ');
    expect(refused[3]).toBe('bad.ndjson:5: prediction.time: names a day or an hour that does not exist');
    expect(refused[4]).toContain('bad.ndjson:6: prediction.time: has no time zone');
    expect(refused[4]).toContain('(--time-zone)');
    expect(refused[5]).toContain('bad.ndjson:7: outcome.knownAt: 1969-01-31T10:00:00.000Z is before 1970');
  });

  it('reads times of local clocks when it is told which', async () => {
    const line = JSON.stringify({ prediction: { model: 'm', version: 'v1', input: 'a', time: '2026-07-01T12:00:00' } });
    const reading = await readLog(file('local.ndjson', line), { clocks: timeZone('+02:00') });
    expect(reading).toMatchObject({ ok: true, events: [{ timeMs: Date.UTC(2026, 6, 1, 10) }] });
  });
});

describe('a releases file', () => {
  it('is read in order of time', () => {
    const path = file(
      'releases.csv',
      'time,version,build,role,by\n2026-01-02T00:00:00Z,v2,,primary,ci\n2026-01-01T00:00:00Z,v1,,,ci\n',
    );
    const reading = readReleases(path, null);
    expect(reading).toMatchObject({
      ok: true,
      releases: [{ version: 'v1', role: Role.UNSPECIFIED }, { version: 'v2' }],
    });
  });

  it('that is wrong says every problem', () => {
    const path = file('releases-wrong.csv', 'time,version,build,role,by\nsoon,,,constructor,ci\n');
    const reading = readReleases(path, null);
    if (reading.ok) throw new Error('it was read');
    expect(reading.problems.map((problem) => problem.split(':2: ')[1])).toEqual([
      'time: "soon" is no time such as 2026-01-31T12:00:00Z',
      'version: is empty',
      'role: "constructor" is none of primary, shadow or empty (new build)',
    ]);
  });
});

describe('a schedule', () => {
  const example = 'examples/index-volatility';
  const scheduled = async (releases: string) => {
    const reading = await readReplay({
      ...{ log: `${example}/log/seed-1.csv.gz`, definitions: `${example}/definitions.yaml`, releases },
      ...{ model: null, stepMs: 60_000, untilMs: null, timeZone: null },
    });
    if (!reading.ok) throw new Error(reading.problems.join());
    return [...reading.inputs.schedule.stepsFrom(0)];
  };

  it('leaves out versions that nobody released, and what becomes known after the last prediction', async () => {
    const steps = await scheduled(`${example}/releases/only-v0.csv`);
    const rows = steps.flatMap((step) => step.rows);
    const versions = new Set(rows.map((row) => (row.kind === 'prediction' ? row.version : '')));
    expect([...versions].sort()).toEqual(['', 'v0', 'v1']);
    expect(steps).toHaveLength(1260);
    expect(rows.filter((row) => outcomeOf(row) !== null)).toHaveLength(7482);
  });

  it('sends predictions before outcomes within a step', async () => {
    const steps = await scheduled(`${example}/releases/story.csv`);
    for (const { rows } of steps) {
      const kinds = rows.map(({ kind }) => kind);
      expect(kinds).toEqual([...kinds].sort().reverse());
    }
  });

  it('begins at any step', async () => {
    const log = file(
      'late.csv',
      [header, ...[0, 1, 2].map((m) => `2026-01-01T00:0${m}:30Z,i${m},v1,1,,,,`)].join('\n'),
    );
    const definitions = file('late.yaml', 'kind: Model\nname: churn\n');
    const reading = await readReplay({
      ...{ log, definitions, releases: null, model: null, stepMs: 60_000, untilMs: null, timeZone: null },
    });
    if (!reading.ok) throw new Error(reading.problems.join());
    const inputs = [...reading.inputs.schedule.stepsFrom(1)].map(({ rows }) =>
      rows.map((row) => 'input' in row && row.input),
    );
    expect(inputs).toEqual([['i1'], ['i2']]);
  });
});

describe('a replay', () => {
  const example = 'examples/index-volatility';
  const files = {
    definitions: `${example}/definitions.yaml`,
    releases: null,
    model: null,
    stepMs: 60_000,
    untilMs: null,
    timeZone: null,
  };
  const definitions = file('churn.yaml', 'kind: Model\nname: churn\n');
  const replayed = (name: string, rows: readonly string[], more: object = {}) =>
    readReplay({ ...files, definitions, log: file(name, ['time,input,version,model', ...rows].join('\n')), ...more });
  const row = (time: string, input: string, model = 'churn') => `${time},${input},v1,${model}`;

  it('is refused when nothing says which of several versions served', async () => {
    const reading = await readReplay({ ...files, log: `${example}/log/seed-1.csv.gz` });
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain('nothing says which one served: give --releases <file>');
  });

  it('says which of its files there are not', async () => {
    const reading = await readReplay({ ...files, log: join(folder, 'none.csv') });
    expect(reading).toEqual({ ok: false, problems: [`${join(folder, 'none.csv')}: there is no such file`] });
  });

  it('says which models there are when the one asked for is not declared', async () => {
    const reading = await readReplay({ ...files, log: `${example}/log/seed-1.csv.gz`, model: 'Complex' });
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain('there is no model "Complex"; it declares SimpleLSTM');
  });

  it('of a log with one stray row is refused at once, and the row is named', async () => {
    const rows = [
      row('2026-01-31T12:00:00Z', 'a'),
      row('1970-01-01T00:00:00Z', 'zz'),
      row('2026-01-31T12:01:00Z', 'b'),
    ];
    const reading = await replayed('stray.csv', rows);
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain(`steps of 1m: at most ${mostSteps} are replayed.`);
    expect(reading.problems[0]).toContain(
      'The longest gap lies between 1970-01-01T00:00:00Z (line 3) and 2026-01-31T12:00:00Z (line 2). ' +
        'Correct the time that is wrong, or take longer steps (--step 15m)',
    );
  });

  it('of a log that is nearly all gap asks whether a time is wrong', async () => {
    const reading = await replayed('gap.csv', [row('2026-01-31T12:00:00Z', 'a'), row('2025-01-31T12:00:00Z', 'b')]);
    expect(reading).toMatchObject({
      inputs: { warnings: [expect.stringContaining('nothing lies between 2025-01-31T12:00:00Z (line 3) and')] },
    });
  });

  it('says which models of the log are not declared, and that the one asked for is not in it', async () => {
    const reading = await replayed('strange.csv', [row('2026-01-31T12:00:00Z', 'a', 'chrun')]);
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.inputs.warnings.map((warning) => warning.split('strange.csv: ')[1])).toEqual([
      `1 predictions are of the model "chrun", which ${definitions} does not declare: did you mean "churn"?`,
      'no prediction is of the model "churn"',
    ]);
  });

  it('without a row that can be read says why', async () => {
    const reading = await replayed('none-left.csv', [row('12', 'a')]);
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain('none-left.csv:2: time: "12" is no time');
    expect(reading.problems[1]).toContain('none-left.csv: holds no prediction to replay');
  });

  it('counts the rows that the doors would refuse', async () => {
    const long = 'i'.repeat(600);
    const reading = await replayed('door.csv', [row('2026-01-31T12:00:00Z', long), row('2026-01-31T12:00:00Z', 'a')]);
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.inputs.refused.count).toBe(1);
    expect(reading.inputs.refused.list()[0]).toContain('door.csv:2: input: has 600 characters');
  });
});
