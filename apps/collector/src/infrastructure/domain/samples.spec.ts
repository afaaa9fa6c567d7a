import { describe, expect, it } from '@jest/globals';
import type { Series } from './read-answer.js';
import type { SampleField } from '@moola/contracts/definitions/infrastructure';
import { samplesOf } from './samples.js';

const askedMs = 1_700_000_000_000;
const of = (instance: unknown, value: number, timeMs = askedMs): Series => ({
  ...{ labels: { __name__: 'cpu', ...(instance !== undefined && { instance }) }, timeMs, value },
});
const sampled = (...fields: readonly [SampleField, ...Series[]][]) =>
  samplesOf(
    fields.map(([field, ...series]) => ({ field, series })),
    { instanceLabel: 'instance', askedMs },
  );

describe('samples of instances', () => {
  it('hold the figures of all queries, by instance', () => {
    const { samples, dropped, problems } = sampled(
      ['cpuRatio', of('b', 0.5), of('a', 0)],
      ['memoryBytes', of('a', 3e9), of('c', 1)],
    );
    expect(samples).toEqual([
      { instance: 'a', timeMs: askedMs, figures: { cpuRatio: 0, memoryBytes: 3e9 } },
      { instance: 'b', timeMs: askedMs, figures: { cpuRatio: 0.5 } },
      { instance: 'c', timeMs: askedMs, figures: { memoryBytes: 1 } },
    ]);
    expect([dropped, problems]).toEqual([0, []]);
  });

  it.each<[string, SampleField, number, number | RegExp]>([
    ['what rate extrapolates beyond the end is the end', 'cpuRatio', 1.003, 1],
    ['and before the begin the begin', 'cpuRatio', -0.002, 0],
    ['a ratio just beyond that is none', 'cpuRatio', 1.06, /^cpuRatio: a is 1.06: a percentage\? divide it by 100$/],
    ['a percentage is no ratio', 'diskRatio', 83.25, /^diskRatio: a is 83.25: a percentage\? divide it by 100$/],
    ['a negative ratio is none', 'gpuRatio', -0.5, /^gpuRatio: a is -0.5: a ratio is from 0 to 1$/],
    ['cores are no ratio', 'cpuRatio', 128, /a ratio is from 0 to 1$/],
    ['infinity is no ratio', 'memoryRatio', Infinity, /^memoryRatio: a is \+Inf: a ratio is from 0 to 1$/],
    ['NaN is no number', 'cpuRatio', NaN, /^cpuRatio: a is NaN, no number: a division by nothing\?$/],
    ['bytes are not negative', 'memoryBytes', -1, /^memoryBytes: a is -1: it must be from 0 to \d+ bytes$/],
    ['bytes are not infinite', 'networkBytesPerSecond', -Infinity, /is -Inf: it must be from 0 to/],
    ['no limit is told as 0', 'memoryLimitBytes', Infinity, 0],
    ['as is the limit that no machine has', 'memoryLimitBytes', 9223372036854771712, 0],
    ['a limit is not NaN', 'memoryLimitBytes', NaN, /is NaN/],
  ])('%s', (_, field, value, expected) => {
    const { samples, dropped, problems } = sampled([field, of('a', value)]);
    if (typeof expected === 'number') {
      expect(samples).toEqual([{ instance: 'a', timeMs: askedMs, figures: { [field]: expected } }]);
      expect([dropped, problems]).toEqual([0, []]);
    } else {
      expect([samples, dropped]).toEqual([[], 1]);
      expect(problems).toEqual([expect.stringMatching(expected)]);
    }
  });

  it('need a name', () => {
    const labels = { pod: 'churn-1', namespace: 'ml' };
    const { samples, problems } = sampled(
      ['cpuRatio', { labels, timeMs: askedMs, value: 1 }, of(undefined, 1), of('', 1), of(7, 1)],
      ['diskRatio', of('x'.repeat(257), 1), of('a\nb', 1), of('é😀', 1)],
    );
    expect(samples.map(({ instance }) => instance)).toEqual(['é😀']);
    expect(problems).toEqual([
      'cpuRatio: a series has no label instance (there are pod, namespace): aggregate by it, or set instanceLabel',
      'cpuRatio: a series has no label instance (there are no labels): aggregate by it, or set instanceLabel',
      'cpuRatio: a series has no label instance (there are instance): aggregate by it, or set instanceLabel (and 1 more)',
      expect.stringMatching(/^diskRatio: x+… has a name of more than 256 characters$/),
      'diskRatio: a b has a name with control characters',
    ]);
  });

  it('of two series of one name are not guessed', () => {
    const { samples, dropped, problems } = sampled(['cpuRatio', of('a', 0.1), of('b', 0.2), of('a', 0.9)]);
    expect(samples.map(({ instance }) => instance)).toEqual(['b']);
    expect(dropped).toBe(2);
    expect(problems).toEqual(['cpuRatio: a is the instance of several series: aggregate by it (and 1 more)']);
  });

  it('are of the time that the server says, as long as it can be', () => {
    const { samples, problems } = sampled(
      ['cpuRatio', of('a', 0.1, askedMs - 300_000), of('b', 0.1, askedMs + 1000)],
      ['diskRatio', of('a', 0.1, askedMs - 300_001), of('b', 0.1, askedMs + 1001)],
    );
    expect(samples).toEqual([
      { instance: 'a', timeMs: askedMs - 300_000, figures: { cpuRatio: 0.1 } },
      { instance: 'b', timeMs: askedMs + 1000, figures: { cpuRatio: 0.1 } },
    ]);
    expect(problems).toEqual([
      'diskRatio: a is older than 5 minutes',
      'diskRatio: b is of the future: the clocks of the server and the collector differ',
    ]);
  });

  it('say a mistake once, however many make it', () => {
    const series = Array.from({ length: 1000 }, (_, i) => of(`pod-${i}`, 50 + i / 100));
    const { dropped, problems } = sampled(['cpuRatio', ...series]);
    expect(dropped).toBe(1000);
    expect(problems).toEqual(['cpuRatio: pod-0 is 50: a percentage? divide it by 100 (and 999 more)']);
  });
});
