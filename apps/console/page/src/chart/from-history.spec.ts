import { describe, expect, it } from '@jest/globals';
import type { HistoryRowsView } from '../../../src/history/api/views';
import { historyPath, pointsOf } from './from-history';

const minute = 60_000;
const answer = (rows: HistoryRowsView['rows'], resolutionMs = minute): HistoryRowsView => ({
  ...{ table: 'figures', fromMs: 0, toMs: 20 * minute, resolutionMs, keptFromMs: null, rows, next: null },
});
const figure = (minutes: number, version: string, value: number | null) => ({
  ...{
    timeMs: minutes * minute,
    version,
    metric: 'accuracy',
    value,
    lower: null,
    upper: null,
    samples: 9,
    serving: true,
  },
});

describe('a chart from history', () => {
  it('has a point at the end of each bucket, and breaks where nothing was published', () => {
    const { points } = pointsOf(answer([figure(0, 'v1', 0.5), figure(1, 'v1', 0.6), figure(9, 'v1', 0.7)]), 'accuracy');
    expect(points.map(({ atMs, value }) => [atMs / minute, value])).toEqual([
      [1, 0.5],
      [2, 0.6],
      [3, null],
      [10, 0.7],
    ]);
  });

  it('says in which times there is nothing', () => {
    const rows = [figure(5, 'v1', 0.5), figure(6, 'v2', 0.6), figure(12, 'v1', 0.7)];
    expect(
      pointsOf(answer(rows), 'accuracy').missing.map(({ fromMs, toMs }) => [fromMs / minute, toMs / minute]),
    ).toEqual([
      [0, 5],
      [7, 12],
      [13, 20],
    ]);
    expect(pointsOf(answer([]), 'accuracy').missing).toEqual([{ fromMs: 0, toMs: 20 * minute }]);
  });

  it('divides the sums of buckets', () => {
    const bucket = (labelled: number) => ({ timeMs: 0, version: 'v1', role: 'primary', correct: 3, labelled });
    expect(pointsOf(answer([bucket(4), bucket(0)]), 'accuracy').points).toEqual([
      { atMs: minute, version: 'v1', serving: true, value: 0.75, samples: 4, lower: null, upper: null },
    ]);
  });

  it('asks for all traffic of one window, by the names as they are', () => {
    const asked = { base: 'b', model: "a'&b", metric: 'f1', fromMs: 1, toMs: 2 };
    expect(historyPath({ ...asked, shown: { by: 'window', windowMs: 5 } })).toBe(
      'b/history/figures?model=a%27%26b&from=1&to=2&limit=10000&metric=f1&windowMs=5&dimension=',
    );
  });
});
