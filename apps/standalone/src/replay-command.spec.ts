import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { FinalLine } from './story/final-line.js';

/** The built command on small logs of a test's own. */

const folder = mkdtempSync(join(tmpdir(), 'moola-replay-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = (name: string, samples: number) => `---
kind: Rule
name: ${name}
model: churn
metric: accuracy
window: 10m
compare: figure
below: 0.8
for: 0s
keepFiringFor: 0s
severity: critical
minimumSamples: ${samples}
`;
const definitions = `kind: Model
name: churn
labelHorizon: 1h
bucket: 1m
budget: { window: 10m, lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 5 }] }
${rule('Drop', 5)}${rule('NeverEnough', 1000)}`;

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();

/** Wrong for five minutes, then right for half an hour. */
const sound = Array.from({ length: 210 }, (_, i) => {
  const truth = i < 30 ? '0' : '1';
  return `${at(i * 10)},i${i},v1,primary,1,${truth},${at(i * 10 + 5)}`;
});

async function replay(rows: readonly string[], ...options: string[]) {
  writeFileSync(join(folder, 'log.csv'), ['time,input,version,role,class,truth,known_at', ...rows].join('\n'));
  writeFileSync(join(folder, 'churn.yaml'), definitions);
  const main = resolve('apps/cli/dist/main.js');
  const words = [main, 'replay', 'log.csv', '--definitions', 'churn.yaml', ...options];
  const child = spawn(process.execPath, words, { cwd: folder });
  const texts = { out: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...texts };
}

describe('moola replay', () => {
  it('ends with a summary, names the rule that was never evaluated, and writes the post-mortems that it lists', async () => {
    const { code, out, errors } = await replay(sound);
    expect({ code, errors }).toEqual({
      code: 0,
      errors:
        'moola: rule NeverEnough was never evaluated: it needs 1000 samples within 10m, and there were at most 60 ' +
        '(a longer window, or a smaller minimumSamples)\n',
    });
    const summary = out.slice(out.indexOf('\nchurn, 2026-01-31 12:00 to'));
    expect(summary).toContain('210 predictions: 210 served, 0 in shadow');
    expect(summary).toMatch(/Alerts {5}Drop: fired 2026-01-31 12:\d\d to 12:\d\d \(v1\)\n/);
    expect(summary).toContain('NeverEnough: never evaluated');
    const [, path = ''] = /Written {4}(post-mortems\/\S+\.md)\n/.exec(summary) ?? [];
    expect(readFileSync(join(folder, path), 'utf8')).toContain('churn');
  });

  it('counts the rows that it leaves out, and fails for them unless they are allowed', async () => {
    const rows = [...sound.slice(0, 20), '2026-02-30T12:00:00Z,x,v1,primary,1,1,2026-01-31T12:00:00Z', 'x,y'];
    const failed = await replay(rows, '--json');
    expect(failed.code).toBe(3);
    expect(failed.errors).toContain('moola: refused: log.csv:22: time: "2026-02-30T12:00:00Z" names a day');
    expect(failed.errors).toContain('moola: refused: log.csv:23: has 2 cells, the header 7\n');
    expect(failed.errors).toContain('moola: 2 rows were refused and left out');
    const line = JSON.parse(failed.out) as FinalLine;
    expect(line).toMatchObject({ refused: 2, predictions: { ingested: 20 } });
    const allowed = await replay(rows, '--json', '--allow-refused');
    expect({ code: allowed.code, line: JSON.parse(allowed.out) as FinalLine }).toEqual({ code: 0, line });
  });

  it('that cannot run ends with another code than one that leaves rows out', async () => {
    writeFileSync(join(folder, 'broken.csv'), 'time,input,verison\n');
    const words = ['broken.csv', '--definitions', 'churn.yaml'];
    const child = spawn(process.execPath, [resolve('apps/cli/dist/main.js'), 'replay', ...words], { cwd: folder });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
  });

  it('writes post-mortems where it is told', async () => {
    const { code } = await replay(sound, '--json', '--output', 'elsewhere');
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'elsewhere', 'post-mortems'))).toBe(true);
  });
});
