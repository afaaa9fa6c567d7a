import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

/** The example as real processes of the built command, each variant held to the oracle's committed answer. */

const example = 'examples/index-volatility';
const folders: string[] = [];
const minutes = 60_000;

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moola-story-'));
  folders.push(folder);
  return folder;
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs `moola up --example` to its end. @param onLine may kill it at a line of its story */
function play(folder: string, options: readonly string[], onLine?: (line: string, kill: () => void) => void) {
  return new Promise<Ended>((resolve, reject) => {
    const fixed = ['--example', '--headless', '--exit-when-done', '--port', '0', '--data', folder];
    const child = spawn(process.execPath, ['apps/cli/dist/main.js', 'up', ...fixed, ...options]);
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const line of chunk.split('\n')) onLine?.(line, () => child.kill('SIGKILL'));
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: text.trim().split('\n'), errors }));
  });
}

const expected = (name: string): unknown => JSON.parse(readFileSync(`tools/oracle/expected/${name}.json`, 'utf8'));

function finalLineOf({ code, lines, errors }: Ended): unknown {
  if (code !== 0) throw new Error(`it ended with ${code}: ${errors.slice(-2000)}`);
  return JSON.parse(lines.at(-1) ?? '');
}

describe('the story of the example', () => {
  it(
    'ends as the oracle says, and leaves a post-mortem of every incident that was resolved',
    async () => {
      const folder = dataFolder();
      const line = finalLineOf(await play(folder, [])) as { postMortems: string[] };
      expect(line).toEqual(expected('story-seed-1'));
      const files = readdirSync(join(folder, 'post-mortems')).map((file) => `post-mortems/${file}`);
      expect(files.sort()).toEqual([...line.postMortems].sort());
    },
    5 * minutes,
  );

  it.each([
    [
      'v2 is never shipped: no rollback',
      'never-shipped-seed-1',
      ['--releases', `${example}/releases/never-shipped.csv`],
    ],
    [
      'a bad release, and a target within budget: a plain rollback, verified',
      'within-budget-seed-1',
      ['--releases', `${example}/releases/within-budget.csv`],
    ],
    [
      'only v0 in shadow in 2007: held',
      'only-v0-seed-1',
      ['--releases', `${example}/releases/only-v0.csv`, '--until', '2004-01-02T16:46:00Z'],
    ],
    ['another seed', 'story-seed-2', ['--log', `${example}/log/seed-2.csv.gz`]],
    ['a third seed', 'story-seed-3', ['--log', `${example}/log/seed-3.csv.gz`]],
  ])(
    'changes as it should: %s',
    async (_title, answer, options) => {
      expect(finalLineOf(await play(dataFolder(), options))).toEqual(expected(answer));
    },
    5 * minutes,
  );

  it(
    'is the same when it is killed half-way and started again',
    async () => {
      const folder = dataFolder();
      // Half-way, and again right after the rollback was decided, when the alias may or may not have moved.
      const killAt = [/AccuracyDrop-2: Opened/, /AccuracyDrop-5: Mitigation/];
      for (const pattern of killAt) {
        const killed = await play(folder, [], (line, kill) => pattern.test(line) && kill());
        expect(killed.code).toBeNull();
      }
      expect(finalLineOf(await play(folder, []))).toEqual(expected('story-seed-1'));
    },
    10 * minutes,
  );

  it(
    'is the same at a speed at which a person can follow it, and on several partitions',
    async () => {
      const environment = process.env['MOOLA_PARTITIONS'];
      process.env['MOOLA_PARTITIONS'] = '3';
      const slow = play(dataFolder(), [
        '--speed',
        '10',
        '--until',
        '2004-01-02T16:46:00Z',
        '--releases',
        `${example}/releases/only-v0.csv`,
      ]);
      if (environment === undefined) delete process.env['MOOLA_PARTITIONS'];
      expect(finalLineOf(await slow)).toEqual(expected('only-v0-seed-1'));
    },
    10 * minutes,
  );
});
