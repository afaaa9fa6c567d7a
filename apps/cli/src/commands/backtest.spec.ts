import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operations } from '../shell/operations.js';
import { moola } from '../testing/moola.js';

type BacktestOptions = Parameters<Operations['backtest']>[0];

describe('moola backtest', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const backtest = async (...words: string[]) => {
    const asked: BacktestOptions[] = [];
    const operations = {
      backtest: async (options: BacktestOptions) => {
        asked.push(options);
        return 0;
      },
    };
    return { ...(await moola(['backtest', ...words], { operations })), asked };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-backtest-'));
    for (const name of ['log.csv', 'new.yaml', 'old.yaml', 'truth.csv']) writeFileSync(file(name), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('evaluates every minute, unless told otherwise', async () => {
    const files = ['--log', file('log.csv'), '--definitions', file('new.yaml')];
    const plain = await backtest(...files);
    expect(plain.asked).toEqual([
      {
        ...{ log: file('log.csv'), definitions: file('new.yaml'), against: null, truth: null, graceMs: 0, json: false },
        ...{ releases: null, stepMs: 60_000, untilMs: null, model: null, timeZone: null, allowRefused: false },
        ...{ stdout: expect.anything(), stderr: expect.anything() },
      },
    ]);
    const more = [
      '--against',
      file('old.yaml'),
      '--truth',
      file('truth.csv'),
      '--grace',
      '30m',
      '--step',
      '5s',
      '--json',
    ];
    const told = await backtest(...files, ...more);
    expect(told.asked[0]).toMatchObject({
      ...{ against: file('old.yaml'), truth: file('truth.csv'), graceMs: 1_800_000, stepMs: 5000, json: true },
    });
  });

  it('asks for log and definitions, and for a truth where a grace is given', async () => {
    expect((await backtest('--log', file('log.csv'))).stderr).toBe(
      "moola: required option '--definitions <file>' not specified. Add --help to see what there is.\n",
    );
    const files = ['--log', file('log.csv'), '--definitions', file('new.yaml')];
    expect(await backtest(...files, '--grace', '5m')).toMatchObject({ exitCode: 2, asked: [] });
    expect((await backtest(...files, '--truth', file('none.csv'))).stderr).toBe(
      `moola: cannot read ${file('none.csv')}: there is no such file\n`,
    );
  });
});
