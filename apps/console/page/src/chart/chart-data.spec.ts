import { describe, expect, it } from '@jest/globals';
import { chartData, isOld, largest, newestAt } from './chart-data';

const point = (atMs: number, version: string, value: number | null, serving = false) => ({
  ...{ atMs, version, serving, value, samples: 9 },
  ...{ lower: value === null ? null : value - 0.1, upper: value === null ? null : value + 0.1 },
});

describe('a chart', () => {
  const points = [
    point(1000, 'v1', 0.9, true),
    point(1000, 'v2', 0.5),
    point(2000, 'v1', 0.8),
    point(3000, 'v2', 0.6, true),
    point(4000, 'v2', null, true),
  ];
  const data = chartData(points, ['v1', 'v2']);

  it('has one axis of times for all versions', () => {
    expect(data.times).toEqual([1, 2, 3, 4]);
    expect(data.versions).toEqual([
      [0.9, 0.8, undefined, undefined],
      [0.5, undefined, 0.6, null],
    ]);
  });

  it('tells when a version served', () => {
    expect(data.serving).toEqual([
      [0.9, null, undefined, undefined],
      [null, undefined, 0.6, null],
    ]);
  });

  it('has the interval of what served', () => {
    expect(data.lower).toEqual([0.8, undefined, 0.5, null]);
    expect(data.upper).toEqual([1, undefined, 0.7, null]);
  });

  it('leaves out versions that it has no series for', () => {
    expect(chartData(points, ['v2']).versions).toEqual([[0.5, undefined, 0.6, null]]);
  });

  it('knows the largest value, if any', () => {
    expect([largest(data), largest(chartData([], ['v1'])), largest(chartData([point(0, 'v1', null)], ['v1']))]).toEqual(
      [...[0.9, null, null]],
    );
  });

  it('knows what each version was at a time', () => {
    expect(newestAt(points, 'v1', 3500)?.value).toBe(0.8);
    expect(newestAt(points, 'v2', 2999)?.value).toBe(0.5);
    expect(newestAt(points, 'v2', 999)).toBeNull();
  });

  it('knows whether a version has fallen silent: nothing of its window lies at the time that is shown', () => {
    const last = newestAt(points, 'v1', 4000) as (typeof points)[number];
    expect(isOld(last, 4000, { windowMs: 2001 })).toBe(false);
    expect(isOld(last, 4000, { windowMs: 2000 })).toBe(true);
  });
});
