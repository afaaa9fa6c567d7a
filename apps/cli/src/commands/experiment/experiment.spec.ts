import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { operations } from '../../shell/operations.js';
import { moola } from '../../testing/moola.js';

const golden = (name: string) =>
  fileURLToPath(new URL(`../../../../standalone/golden/experiment/${name}`, import.meta.url));
const experiment = async (words: string) =>
  moola(['experiment', ...words.split(' ')], { operations: { analyze: operations.analyze, power: operations.power } });
const json = async (words: string) =>
  JSON.parse((await experiment(`${words} --json`)).stdout) as Record<string, number>;

describe('moola experiment analyze', () => {
  it('says what to do, without a server', async () => {
    const { exitCode, stdout, stderr } = await experiment(
      `analyze ${golden('arms.csv')} --config ${golden('config.yaml')}`,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('SHIP  green, conversion');
  });

  it('of a file that is not there says so', async () =>
    expect(await experiment(`analyze none.csv --config ${golden('config.yaml')}`)).toMatchObject({
      exitCode: 1,
      stderr: 'moola: cannot read none.csv: there is no such file\n',
    }));
});

describe('moola experiment power', () => {
  // statsmodels 0.15: NormalIndPower and TTestIndPower.
  it('is that of statsmodels', async () => {
    const proportion = await json('power --metric proportion --baseline 0.1 --effect 0.02 --method cohen-h');
    expect(proportion).toEqual({ perArm: expect.closeTo(3834.5957398771, 5), perArmRounded: 3835 });
    const mean = await json('power --metric mean --effect-size 0.2 --method t');
    expect(mean).toEqual({ perArm: expect.closeTo(393.405693, 5), perArmRounded: 394 });
  });

  it('says the smallest effect of so many units, and finds it back', async () => {
    const { minEffect } = await json('power --metric proportion --baseline 0.1 --per-arm 3834.5957398771');
    expect(minEffect).toBeCloseTo(0.02, 9);
  });

  it('says so when no rise is found', async () => {
    const { exitCode, stdout } = await experiment('power --metric proportion --baseline 0.99 --per-arm 50');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('50 units an arm find no rise from 0.99 with')]);
  });

  it('allows for clusters, for looking all the time, and says the days', async () => {
    const plain = await json('power --metric mean --effect-size 0.2 --method z');
    const clustered = await json(
      'power --metric mean --effect-size 0.2 --method z --cluster-size 5 --correlation 0.25',
    );
    const sequential = await json('power --metric mean --effect-size 0.2 --method sequential --daily 100');
    expect(clustered['perArm']! / plain['perArm']!).toBeCloseTo(2, 9);
    expect(sequential['perArm']! / plain['perArm']!).toBeGreaterThan(1.5);
    expect(sequential['days']).toBe(Math.ceil((2 * sequential['perArm']!) / 100));
  });

  it.each([
    ['--metric proportion --baseline 0.1', 'needs --baseline and --effect'],
    ['--metric proportion --baseline 0.9 --effect 0.2', 'a share lies from 0 to 1'],
    ['--metric proportion --baseline 0.1 --effect 0', 'an effect of 0 cannot be found'],
    ['--metric mean', 'needs --effect-size'],
    ['--metric mean --effect-size 0.1 --method cohen-h', '--method cohen-h is of proportions'],
    ['--metric proportion --baseline 0.1 --effect 0.1 --method t', '--method t is of means'],
    ['--metric proportion --per-arm 100', '--per-arm of a proportion needs --baseline'],
    ['--metric mean --per-arm 1', 'no effect is found with --per-arm 1: give more units'],
    ['--metric mean --effect-size 0.1 --per-arm 100', 'leave --effect and --effect-size out, or --per-arm'],
    ['--metric mean --effect-size 0.1 --power 0.05', '--power 0.05 must be above --alpha 0.05'],
    ['--metric mean --effect-size 0.1 --cluster-size 5', 'changes nothing without --correlation'],
    ['--metric mean --effect-size 0.1 --correlation 0.1', 'changes nothing without --cluster-size'],
    ['--metric mean --effect-size x', 'It must be a number.'],
    ['--metric mean --effect-size 0.1 --alpha 1', 'It must lie between 0 and 1.'],
  ])('%s is refused', async (words, said) => {
    const { exitCode, stderr, stdout } = await experiment(`power ${words}`);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });
});
