import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operations } from '../shell/operations.js';
import { moola } from '../testing/moola.js';

type ReplayOptions = Parameters<Operations['replay']>[0];

describe('moola replay', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const replay = async (...words: string[]) => {
    const asked: ReplayOptions[] = [];
    const ending = await moola(['replay', ...words], {
      operations: {
        replay: async (options) => {
          asked.push(options);
          return 0;
        },
      },
    });
    return { ...ending, asked };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-replay-'));
    for (const name of ['log.csv', 'definitions.yaml', 'releases.csv']) writeFileSync(file(name), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('goes a minute at a time to the end of the log, unless told otherwise', async () => {
    const plain = await replay(file('log.csv'), '--definitions', file('definitions.yaml'));
    expect(plain.exitCode).toBe(0);
    expect(plain.asked).toEqual([
      {
        log: file('log.csv'),
        definitions: file('definitions.yaml'),
        ...{ releases: null, stepMs: 60_000, untilMs: null, model: null, json: false, env: {} },
        ...{ timeZone: null, allowRefused: false, output: '.' },
        stdout: expect.anything(),
        stderr: expect.anything(),
      },
    ]);
    const files = [file('log.csv'), '--definitions', file('definitions.yaml'), '--releases', file('releases.csv')];
    const told = await replay(
      ...files,
      '--step',
      '5s',
      '--until',
      '2008-10-31T12:00:00Z',
      '--model',
      'Fraud',
      '--json',
    );
    expect(told.asked[0]).toMatchObject({
      ...{
        releases: file('releases.csv'),
        stepMs: 5000,
        untilMs: Date.UTC(2008, 9, 31, 12),
        model: 'Fraud',
        json: true,
      },
    });
  });

  it.each([
    [['--definitions', 'x'], "missing required argument 'log'."],
    [['log.csv'], "required option '--definitions <file>' not specified."],
    [
      ['log.csv', '--definitions', 'x', '--step', '5 minutes'],
      `option '--step <duration>' argument '5 minutes' is invalid. It is no length of time: try "5m".`,
    ],
    [
      ['log.csv', '--definitions', 'x', '--step', '0s'],
      `option '--step <duration>' argument '0s' is invalid. It is no time at all: try "1m".`,
    ],
  ])('given %p says what is wrong', async (words, problem) => {
    const { exitCode, stderr, asked } = await replay(...words);
    expect(stderr).toBe(`moola: ${problem} Add --help to see what there is.\n`);
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
  });

  it('names the file that it cannot read', async () => {
    const { exitCode, stderr } = await replay(file('log.csv'), '--definitions', file('none.yaml'));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `moola: cannot read ${file('none.yaml')}: there is no such file\n`,
    });
  });
});
