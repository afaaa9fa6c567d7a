import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyze } from './analyze-command.js';

const golden = (name: string) => fileURLToPath(new URL(`../../golden/experiment/${name}`, import.meta.url));

interface Report {
  readonly health: { readonly srm: { statistic: number | null; degreesOfFreedom: number; p: number } | null };
  readonly comparisons: Record<string, never>[];
  readonly details: Record<string, unknown>;
}

class Captured extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function run(file: string, config: string, more: { readonly json?: boolean; readonly details?: boolean } = {}) {
  const [stdout, stderr] = [new Captured(), new Captured()];
  const { json = true, details = true } = more;
  const style = (_: string, text: string) => text;
  const exitCode = await analyze({ file, config, json, details, allowRefused: false, stdout, stderr, style });
  const report = stdout.text !== '' && json ? (JSON.parse(stdout.text) as Report) : null;
  return { exitCode, stdout: stdout.text, stderr: stderr.text, report: report as Report };
}

/** Every number of the expected value, to a relative error of 1e-9. */
function expectLike(actual: unknown, expected: unknown, where = ''): void {
  if (typeof expected === 'number') {
    const off = Math.abs((actual as number) - expected);
    if (!(off <= Math.max(1e-13, 1e-9 * Math.abs(expected))))
      throw new Error(`${where}: ${String(actual)}, not ${expected}`);
  } else if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected))
      expectLike((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  } else expect([where, actual]).toEqual([where, expected]);
}

describe('an experiment', () => {
  let folder: string;
  const write = (name: string, text: string | Buffer) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const ofRows = async (rows: string | Buffer, config: string, more = {}) =>
    run(write('rows.csv', rows), write('config.yaml', config), more);
  const plain = 'control: a\nmetrics: [{ name: m, type: mean }]\nminUnits: 2\n';
  const share = 'control: a\nmetrics: [{ name: m, type: proportion }]\nminUnits: 2\n';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-experiment-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['units.csv', 'arms.csv'])('is analysed from %s as pandas, scipy and statsmodels do', async (name) => {
    const { report, exitCode, stderr } = await run(golden(name), golden('config.yaml'));
    expectLike(report, JSON.parse(readFileSync(golden('expected.json'), 'utf8')));
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('has exactly these names', async () => {
    const { report } = await run(golden('units.csv'), golden('config.yaml'), { details: false });
    expect(Object.keys(report)).toEqual(['health', 'comparisons']);
    const [first] = report.comparisons;
    expect(Object.keys(first!)).toEqual([
      ...['metric', 'type', 'control', 'treatment', 'n', 'estimate', 'fixed', 'exact', 'anytime', 'adjusted'],
      ...['decision', 'reason'],
    ]);
    expect(Object.keys(first!['fixed']!)).toEqual([
      ...['test', 'statistic', 'degreesOfFreedom', 'p', 'interval', 'relativeInterval'],
    ]);
    expect(Object.keys(first!['anytime']!)).toEqual(['method', 'tunedFor', 'p', 'interval', 'relativeInterval']);
    expect(first).toMatchObject({ fixed: { test: 'two-proportion-z' }, exact: { test: 'fisher' }, decision: 'ship' });
  });

  it('is the same from a gzipped file, with line ends of Windows, a byte-order mark and quotes', async () => {
    const text = readFileSync(golden('units.csv'), 'utf8');
    const wanted = (await run(golden('units.csv'), golden('config.yaml'))).stdout;
    const odd = `\uFEFF${text.replaceAll('\n', '\r\n').replace('u5,green', '"u,\n5","green"')}`;
    expect((await run(write('odd.csv', odd), golden('config.yaml'))).stdout).toBe(wanted);
    expect((await run(write('units.csv.gz', gzipSync(text)), golden('config.yaml'))).stdout).toBe(wanted);
  });

  it('says health first, then what to do and why', async () => {
    const { stdout } = await run(golden('units.csv'), golden('config.yaml'), { json: false, details: false });
    expect(stdout).toContain('healthy    sample ratio p = 0.4851');
    expect(stdout).toContain('SHIP  green, conversion\n  green − control of conversion is +0.2523 (');
  });

  it('with units that have several rows takes them for clusters', async () => {
    const rows = [...Array(300).keys()].flatMap((u) => {
      const [arm, base] = [u % 2 === 0 ? 'a' : 'b', (u * 7919) % 13];
      return [0, 1, 2].map((r) => `u${u},${arm},${base + r / 10}`);
    });
    const text = `unit,arm,m\n${rows.join('\n')}\n`;
    const alone = await ofRows(text, plain);
    const clustered = await ofRows(text, `${plain}unit: unit\n`);
    const width = ({ report }: { report: Report }) => {
      const [low, high] = (report.comparisons[0] as unknown as { fixed: { interval: [number, number] } }).fixed
        .interval;
      return high - low;
    };
    // Three rows of a unit are nearly one: the interval is √3 times as wide.
    expect(width(clustered) / width(alone)).toBeCloseTo(Math.sqrt(3), 1);
    expect(clustered.report.details['hasClusters']).toBe(true);
  });

  it('leaves units in two arms out, and says so', async () => {
    const { report } = await ofRows('unit,arm,m\n1,a,1\n2,a,2\n3,b,3\n4,b,5\n1,b,9\n', `${plain}unit: unit\n`);
    expect(report.details['unitsInSeveralArms']).toBe(1);
    expect(report.comparisons[0]).toMatchObject({ n: { control: 1, treatment: 2 } });
  });

  it.each([
    ['no gzip', Buffer.from('arm,m\na,1\nb,2\n'), 'its name ends in .gz, and it is not gzipped, or damaged'],
    ['half of it', gzipSync('arm,m\na,1\nb,2\n').subarray(0, 20), 'it is cut short: copy it again'],
  ])('of %s under a name with .gz says what is wrong', async (_, bytes, said) => {
    const { exitCode, stderr } = await run(write('rows.csv.gz', bytes), write('config.yaml', plain));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(said)]);
  });

  it('a p value that no number can hold is told as that', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `a,${i % 2}\nb,${1000 + (i % 2)}`).join('\n');
    const { stdout } = await ofRows(`arm,m\n${rows}\n`, plain, { json: false, details: false });
    expect(stdout).toContain('< 1e-300');
  });

  it('takes a number for an arm without quotes', async () => {
    const { exitCode, report } = await ofRows('arm,m\n0,1\n0,2\n1,3\n1,4\n', plain.replace('control: a', 'control: 0'));
    expect([exitCode, report.comparisons[0]?.control, report.comparisons[0]?.treatment]).toEqual([0, '0', '1']);
    expect(report.comparisons[0]?.reason).toMatch(/ lies between .+ and .+: it can be either yet\.$/);
  });

  describe('of bad input', () => {
    it.each([
      ['one arm', 'arm,m\na,1\na,2\n', plain, 'has only the arm "a": there is nothing to compare it with'],
      ['no control', 'arm,m\nA,1\nb,2\n', plain, 'no row is of control "a"; its arms are A, b: did you mean A?'],
      [
        'no control because of refused rows',
        'arm,m\na,x\nb,2\n',
        plain,
        'rows that were refused: 1; line 2: m: "x" is no finite number',
      ],
      ['an empty file', '', plain, 'is empty: the first line has the names of the columns'],
      ['semicolons', 'arm;m\na;1\nb;2\n', plain, 'has semicolons between its cells: write commas'],
      ['tabs', 'arm\tm\na\t1\nb\t2\n', plain, 'has tabs between its cells: write commas'],
      ['UTF-16', Buffer.from('arm,m\na,1\nb,2\n', 'utf16le'), plain, 'is no text in UTF-8: save it as'],
      ['gzip without its ending', gzipSync('arm,m\na,1\nb,2\n'), plain, 'is gzipped: let its name end in .gz'],
      ['no rows', 'arm,m\n', plain, 'has no rows behind its header'],
      ['no such column', 'arm,mm\na,1\nb,2\n', plain, 'has no column "m" (metric m): did you mean mm?'],
      ['all rows refused', 'arm,m\na,x\nb,y\n', plain, 'every row was refused; line 2: m: "x" is no finite number'],
      ['a column twice', 'arm,m,m\na,1,1\nb,2,2\n', plain, 'the column "m" stands twice'],
      ['an arm twice among sums', 'arm,n,m\na,5,1\na,5,2\nb,5,2\n', share, 'arm "a" stands twice'],
      ['more successes than units', 'arm,n,m\na,5,6\nb,5,2\n', share, 'm: 6 of 5: more than there are'],
    ])('%s: cannot be analysed, and why', async (_, rows, config, said) => {
      const { exitCode, stderr, stdout } = await ofRows(rows, config);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(said);
    });

    it.each([
      ['a misspelt key', 'control: a\nmetrcs: []\n', 'there is no "metrcs": did you mean metrics?'],
      [
        'a misspelt key of a guardrail',
        'control: a\nmetrics: [{ name: m, type: mean, guardrail: { margn: 1 } }]\n',
        'metrics[0].guardrail: there is no "margn": did you mean margin?',
      ],
      [
        'a misspelt key of sequential',
        `${plain}sequential: { tundFor: 9 }\n`,
        'sequential: there is no "tundFor": did you mean tunedFor?',
      ],
      ['a negative weight', `${plain}weights: { a: 1, b: -1 }\n`, 'weights.b: must be at least 0'],
      ['no control', 'metrics: [{ name: m, type: mean }]\n', 'control: is missing: text is needed'],
      ['a metric without columns', 'control: a\nmetrics: m\n', 'metrics: must be a list'],
      ['no metric', 'control: a\nmetrics: []\n', 'metrics: is empty: give one at least'],
      ['an unknown type', 'control: a\nmetrics: [{ name: m, type: sum }]\n', 'must be one of proportion, mean'],
      ['sequential: true', `${plain}sequential: true\n`, 'sequential: must be { tunedFor: units }, or false'],
      ['nothing', '', 'must be keys with values'],
      ['weights without control', `${plain}weights: { b: 1, c: 1 }\n`, 'weights: control "a" is missing'],
      ['one arm with a weight', `${plain}weights: { a: 1, b: 0 }\n`, 'at least two arms need a weight above 0'],
      ['a ratio without denominator', 'control: a\nmetrics: [{ name: m, type: ratio }]\n', 'needs a denominator'],
      ['a metric twice', 'control: a\nmetrics: [{ name: m, type: mean }, { name: m, type: mean }]\n', 'stands twice'],
      ['alpha of 0', `${plain}alpha: 0\n`, 'alpha: must be above 0'],
      ['no YAML', 'control: [', 'is no YAML'],
    ])('a config with %s is refused', async (_, config, said) => {
      const { exitCode, stderr } = await ofRows('arm,m\na,1\nb,2\n', config);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(said);
    });

    it.each([
      ['NaN', 'is no finite number'],
      ['inf', 'is no finite number'],
      ['1e999', 'is beyond 1e100'],
      ['1,5', 'has 3 cells, the header 2'],
      ['"1', 'a quote never closed'],
    ])('a row with %s is left out and told, and the rest counts', async (cell, said) => {
      const { exitCode, stderr, report } = await ofRows(`arm,m\na,1\na,2\nb,3\nb,4\na,${cell}\n`, plain);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(`line 6: `);
      expect(stderr).toContain(said);
      expect(report.comparisons[0]).toMatchObject({ n: { control: 2, treatment: 2 } });
    });

    it('a proportion is 0 or 1', async () => {
      const { exitCode, stderr } = await ofRows('arm,m\na,0\na,1\nb,true\nb,false\nb,2\n', share);
      expect([exitCode, stderr.includes('line 6: m: "2" is neither 0 nor 1')]).toEqual([3, true]);
    });

    it('an empty cell is a missing outcome: the unit counts for the sample ratio only', async () => {
      const { report, exitCode } = await ofRows('arm,m\na,1\na,2\na,\nb,3\nb,4\n', plain);
      expect(exitCode).toBe(0);
      expect(report.comparisons[0]).toMatchObject({ n: { control: 2, treatment: 2 } });
      expect(report.details['arms']).toEqual([
        { arm: 'a', units: 3 },
        { arm: 'b', units: 2 },
      ]);
    });

    it('outcomes that are missing in one arm more than in another decide nothing', async () => {
      const rows = [...Array(400).keys()].map((u) => (u % 2 === 0 ? `a,${u % 7}` : `b,${u % 10 < 4 ? '' : u % 7}`));
      const { report } = await ofRows(`arm,m\n${rows.join('\n')}\n`, plain);
      expect(report.comparisons[0]).toMatchObject({
        ...{ decision: 'unhealthy', n: { control: 200, treatment: 120 } },
        reason: expect.stringContaining('m is known of another share of the units'),
      });
    });

    it('arms that the weights do not name are left out, and told', async () => {
      const { report, exitCode, stderr } = await ofRows(
        'arm,m\na,1\na,2\nb,3\nb,4\nc,9\n',
        `${plain}weights: { a: 1, b: 1 }\n`,
      );
      expect([exitCode, report.comparisons.length]).toEqual([3, 1]);
      expect(stderr).toContain('arm "c" is not among the weights: its 1 units are left out');
    });

    it('units in an arm of 0 % are unhealthy, and so is nobody in a planned arm', async () => {
      const weights = `${plain}weights: { a: 1, b: 1, c: 0 }\n`;
      const zero = await ofRows('arm,m\na,1\na,2\nb,3\nb,4\nc,9\n', weights);
      expect(zero.report.health.srm).toEqual({ statistic: null, degreesOfFreedom: 1, p: 0 });
      expect(zero.report.comparisons.map(({ decision }) => decision)).toEqual(['unhealthy', 'unhealthy']);
      const rows = Array.from({ length: 50 }, (_, i) => `a,${i}`).join('\n');
      const none = await ofRows(`arm,m\n${rows}\n`, `${plain}weights: { a: 1, b: 1 }\n`);
      expect(none.report.comparisons[0]).toMatchObject({ decision: 'no data', n: { treatment: 0 } });
      expect(none.report.health.srm!.p).toBeLessThan(1e-10);
    });

    it.each([
      ['zero variance', 'arm,m\na,1\na,1\nb,2\nb,2\n', plain, 'does not vary'],
      ['one unit an arm', 'arm,m\na,1\nb,2\n', plain, 'nothing is decided below 2'],
      ['no conversions', 'arm,m\na,0\na,0\nb,0\nb,0\n', share, 'does not vary'],
    ])('%s: no interval and no p, and why', async (_, rows, config, said) => {
      const { report, exitCode } = await ofRows(rows, config);
      expect(exitCode).toBe(0);
      expect(report.comparisons[0]).toMatchObject({
        decision: 'running',
        reason: expect.stringContaining(said),
        fixed: { p: null, interval: null },
        anytime: { p: null, interval: null, relativeInterval: null },
        adjusted: { holm: null },
      });
    });

    it('a metric that does not vary is no test: others are not corrected for it', async () => {
      const config = 'control: a\nmetrics: [{ name: still, type: mean }, { name: m, type: mean }]\n';
      const { report } = await ofRows('arm,still,m\na,1,1\na,1,2\nb,1,3\nb,1,5\n', config);
      const [still, m] = report.comparisons as unknown as { fixed: { p: number }; adjusted: { holm: number | null } }[];
      expect([still!.adjusted.holm, m!.adjusted.holm]).toEqual([null, m!.fixed.p]);
      expect(m!.fixed.p).toBeGreaterThan(0);
    });

    it('a negative baseline: the lift has the sign of the difference', async () => {
      const { report } = await ofRows('arm,m\na,-10\na,-12\nb,-8\nb,-9\n', plain);
      expect(report.comparisons[0]).toMatchObject({ estimate: { absolute: 2.5, relative: 2.5 / 11 } });
    });

    it('a baseline of 0 has no lift', async () => {
      const { report } = await ofRows('arm,m\na,-1\na,1\nb,1\nb,2\n', plain);
      expect(report.comparisons[0]).toMatchObject({ estimate: { relative: null }, fixed: { relativeInterval: null } });
    });

    it('50 arms and 50 metrics are 2,450 comparisons', async () => {
      const names = [...Array(50).keys()];
      const rows = [...Array(400).keys()].map((u) => [`a${u % 50}`, ...names.map((m) => (u * (m + 3)) % 17)].join(','));
      const metrics = names.map((m) => `{ name: m${m}, type: mean }`).join(', ');
      const { report } = await ofRows(
        `arm,${names.map((m) => `m${m}`).join(',')}\n${rows.join('\n')}\n`,
        `control: a0\nmetrics: [${metrics}]\n`,
      );
      expect(report.comparisons).toHaveLength(2450);
      expect(new Set(report.comparisons.map(({ decision }) => decision))).toEqual(new Set(['running']));
    });
  });
});
