import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { readLog } from './log-reader.js';
import { readReleases } from './releases.js';
import { readReplay } from './replay-inputs.js';
import { cutIntoSteps } from './schedule.js';

const folder = mkdtempSync(join(tmpdir(), 'moola-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const header = 'time,input,version,class,score,latency_ms,truth,known_at';

describe('a log as CSV', () => {
  it('gives a prediction a row, and the outcome of an input once', () => {
    const rows = ['v1', 'v2'].map((v) => `2026-01-01T00:00:00Z,a,${v},1,0.9,3,0,2026-01-01T00:05:00Z`);
    const reading = readLog(file('log.csv.gz', gzipSync([header, ...rows].join('\n'))), 'm');
    if (!reading.ok) throw new Error(reading.problems.join());
    expect(reading.events.map(({ event }) => event.id)).toEqual(['m/v1/a', 'm/a/outcome', 'm/v2/a']);
    expect(reading.events[1]?.timeMs).toBe(Date.UTC(2026, 0, 1, 0, 5));
  });

  it.each([
    ['time,input', `:1: the header has no column "version"; it has time, input`],
    [`${header},latencyms`, `:1: "latencyms" is no column; known are time, input, version`],
    [`${header}\nyesterday,a,v1,1,,,,`, `:2: time: "yesterday" is no time (try 2026-01-31T12:00:00Z)`],
    [`${header}\n2026-01-01T00:00:00Z,a,v1,1,high,,,`, `:2: score: "high" is no number`],
    [`${header}\n2026-01-01T00:00:00Z,a,v1`, `:2: has 3 cells, the header 8`],
    [`${header}\n2026-01-01T00:00:00Z,,v1,1,,,,`, `:2: input: is empty`],
    [`${header}\n2026-01-01T00:00:00Z,a,v1,1,,,1,`, `:2: known_at: "" is no time`],
    [
      `${header}\n2026-01-01T00:00:00Z,a,v1,1,,,1,2026-01-01T00:05:00Z\n2026-01-01T00:00:00Z,a,v2,1,,,0,2026-01-01T00:05:00Z`,
      `:3: truth: "0" of input a contradicts "1" in line 2`,
    ],
  ])('that is wrong says where and what: %s', (text, problem) => {
    const reading = readLog(file('wrong.csv', text), 'm');
    expect(reading).toMatchObject({ ok: false });
    if (!reading.ok) expect(reading.problems[0]).toContain(`wrong.csv${problem}`);
  });

  it('with very many problems lists the first and counts the rest', () => {
    const rows = Array.from({ length: 50 }, () => 'x,a,v1,1,,,,');
    const reading = readLog(file('many.csv', [header, ...rows].join('\n')), 'm');
    if (!reading.ok) expect(reading.problems.at(-1)).toContain('and 30 more');
    expect(reading.ok).toBe(false);
  });
});

describe('a log as NDJSON', () => {
  it('takes events as the door does', () => {
    const line = { id: 'e1', prediction: { model: 'm', version: 'v1', input: 'a', time: '2026-01-01T00:00:00Z' } };
    const reading = readLog(file('log.ndjson', `${JSON.stringify(line)}\n\n`), 'm');
    expect(reading).toMatchObject({ ok: true, events: [{ timeMs: Date.UTC(2026, 0, 1) }] });
  });

  it('names the line that cannot be read', () => {
    const reading = readLog(file('bad.ndjson', '{"id":"e1"}\n{'), 'm');
    if (reading.ok) throw new Error('it was read');
    expect(reading.problems[0]).toContain('bad.ndjson:1: the event has no kind');
    expect(reading.problems[1]).toContain('bad.ndjson:2: ');
  });
});

describe('a releases file', () => {
  it('is read in order of time', () => {
    const path = file(
      'releases.csv',
      'time,version,build,role,by\n2026-01-02T00:00:00Z,v2,,primary,ci\n2026-01-01T00:00:00Z,v1,,,ci\n',
    );
    const reading = readReleases(path);
    expect(reading).toMatchObject({
      ok: true,
      releases: [{ version: 'v1', role: Role.UNSPECIFIED }, { version: 'v2' }],
    });
  });

  it('that is wrong says every problem', () => {
    const path = file('releases-wrong.csv', 'time,version,build,role,by\nsoon,,,chief,ci\n');
    const reading = readReleases(path);
    if (reading.ok) throw new Error('it was read');
    expect(reading.problems.map((problem) => problem.split(':2: ')[1])).toEqual([
      'time: "soon" is no time (try 2026-01-31T12:00:00Z)',
      'version: is empty',
      'role: "chief" is none of primary, shadow or empty (new build)',
    ]);
  });
});

describe('a schedule', () => {
  const minute = 60_000;
  const log = readLog('examples/index-volatility/log/seed-1.csv.gz', 'SimpleLSTM');
  const releases = readReleases('examples/index-volatility/releases/only-v0.csv');

  it('leaves out versions that nobody released, and what becomes known after the last prediction', () => {
    if (!log.ok || !releases.ok) throw new Error('the example cannot be read');
    const { steps } = cutIntoSteps(log.events, releases.releases, minute, null);
    const events = steps.flatMap((step) => step.events);
    const versions = new Set(events.map(({ kind }) => (kind.case === 'prediction' ? kind.value.version : '')));
    expect([...versions].sort()).toEqual(['', 'v0', 'v1']);
    expect(steps).toHaveLength(1260);
    expect(events.filter(({ kind }) => kind.case === 'outcome')).toHaveLength(7482);
  });

  it('sends predictions before outcomes within a step', () => {
    if (!log.ok) throw new Error('the example cannot be read');
    const { steps } = cutIntoSteps(log.events, [], minute, null);
    for (const { events } of steps) {
      const kinds = events.map(({ kind }) => kind.case);
      expect(kinds).toEqual([...kinds].sort().reverse());
    }
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
  };

  it('is refused when nothing says which of several versions served', () => {
    const reading = readReplay({ ...files, log: `${example}/log/seed-1.csv.gz` });
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain('nothing says which one served: give --releases <file>');
  });

  it('says which of its files there are not', () => {
    const reading = readReplay({ ...files, log: join(folder, 'none.csv') });
    expect(reading).toEqual({ ok: false, problems: [`${join(folder, 'none.csv')}: there is no such file`] });
  });

  it('says which models there are when the one asked for is not declared', () => {
    const reading = readReplay({ ...files, log: `${example}/log/seed-1.csv.gz`, model: 'Complex' });
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems[0]).toContain('there is no model "Complex"; it declares SimpleLSTM');
  });
});
