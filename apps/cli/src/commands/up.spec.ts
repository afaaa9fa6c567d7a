import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operations } from '../shell/operations.js';
import { moola } from '../testing/moola.js';

type UpOptions = Parameters<Operations['up']>[0];

async function up(...words: string[]) {
  const asked: UpOptions[] = [];
  const ending = await moola(['up', ...words], {
    env: { MOOLA_PORT: '9000' },
    operations: {
      up: async (options) => {
        asked.push(options);
        return 3;
      },
    },
  });
  return { ...ending, asked };
}

describe('moola up', () => {
  it('leaves to the settings what it was not told, and ends as the processes do', async () => {
    const { asked, exitCode } = await up();
    expect(exitCode).toBe(3);
    expect(asked).toEqual([
      {
        ...{ example: false, headless: false, exitWhenDone: false, fresh: false, speed: null },
        ...{ dataFolder: null, port: null, log: null, releases: null, definitions: null, untilMs: null },
        ...{ timeZone: null, allowRefused: false },
        stdout: expect.anything(),
        stderr: expect.anything(),
        env: { MOOLA_PORT: '9000' },
      },
    ]);
  });

  it('hands on everything that it was told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moola-up-'));
    try {
      const [log, releases, definitions] = ['log.csv', 'releases.csv', 'definitions.yaml'].map((name) => {
        writeFileSync(join(folder, name), '');
        return join(folder, name);
      }) as [string, string, string];
      const files = ['--log', log, '--releases', releases, '--definitions', definitions];
      const flags = ['--example', '--headless', '--exit-when-done', '--fresh', '--speed', 'max'];
      const rest = ['--data', 'elsewhere', '--port', '0', '--until', '2008-10-31T00:00:00Z'];
      const { asked } = await up(...flags, ...files, ...rest);
      expect(asked[0]).toMatchObject({
        ...{ example: true, headless: true, exitWhenDone: true, fresh: true, speed: 'max' },
        ...{ dataFolder: 'elsewhere', port: 0, log, releases, definitions, untilMs: Date.UTC(2008, 9, 31) },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['0.5', 0.5],
    ['200', 200],
    ['max', 'max'],
  ])('takes a speed of %s', async (text, speed) => {
    expect((await up('--example', '--speed', text)).asked[0]?.speed).toBe(speed);
  });

  it.each([
    [
      ['--example', '--speed', 'fast'],
      "option '--speed <steps>' argument 'fast' is invalid. It must be a number of steps a second above 0, or max.",
    ],
    [
      ['--example', '--speed', '0'],
      "option '--speed <steps>' argument '0' is invalid. It must be a number of steps a second above 0, or max.",
    ],
    [
      ['--port', '70000'],
      "option '--port <number>' argument '70000' is invalid. It must be a whole number from 0 to 65535.",
    ],
    [
      ['--example', '--until', 'tomorrow'],
      "option '--until <time>' argument 'tomorrow' is invalid. It is no time such as 2026-01-31T12:00:00Z.",
    ],
    [
      ['--example', '--until', '2008-10-31T12:00:00'],
      "option '--until <time>' argument '2008-10-31T12:00:00' is invalid. It has no time zone: write 2026-01-31T12:00:00Z for UTC, or 2026-01-31T12:00:00+01:00.",
    ],
    [['--exampel'], "unknown option '--exampel': did you mean --example?"],
    [['example'], "too many arguments for 'up'. Expected 0 arguments but got 1."],
  ])('given %p says what is wrong, on one line', async (words, problem) => {
    const { exitCode, stderr, stdout, asked } = await up(...words);
    expect(stderr).toBe(`moola: ${problem} Add --help to see what there is.\n`);
    expect({ exitCode, stdout, asked }).toEqual({ exitCode: 2, stdout: '', asked: [] });
  });

  it.each([
    [['--exit-when-done'], '--exit-when-done is about a replay: add --example, or --log <file>'],
    [['--speed', 'max'], '--speed is about a replay: add --example, or --log <file>'],
    [['--until', '2008-10-31T00:00:00Z'], '--until is about a replay: add --example, or --log <file>'],
    [['--log', 'log.csv'], '--log needs --definitions <file>: they say what its models and their budgets are'],
  ])('given %p misses something', async (words, problem) => {
    const { exitCode, stderr, asked } = await up(...words);
    expect({ exitCode, stderr, asked }).toEqual({ exitCode: 2, stderr: `moola: ${problem}\n`, asked: [] });
  });

  it.each([
    ['nowhere.csv', 'cannot read nowhere.csv: there is no such file'],
    [tmpdir(), `cannot read ${tmpdir()}: it is a folder`],
  ])('does not start on %s', async (log, problem) => {
    const { exitCode, stderr, asked } = await up('--example', '--log', log);
    expect({ exitCode, stderr, asked }).toEqual({ exitCode: 1, stderr: `moola: ${problem}\n`, asked: [] });
  });
});
