import { describe, expect, it } from '@jest/globals';
import { History } from './history.js';

const point = (atMs: number, version = 'v1') => ({
  ...{ atMs, version, serving: true, value: atMs, lower: null, upper: null, samples: 1 },
});

function filled(most: number, points: number): History {
  const history = new History(most);
  for (let atMs = 1; atMs <= points; atMs++) history.add('accuracy', 60_000, point(atMs));
  return history;
}

const times = (history: History) => history.read('accuracy', null)?.points.map(({ atMs }) => atMs);

describe('the history of a model', () => {
  it('keeps every point while there is room', () => {
    expect(times(filled(4, 4))).toEqual([1, 2, 3, 4]);
  });

  it.each([
    [5, [1, 3, 5]],
    [6, [1, 3, 5, 6]],
    [9, [1, 5, 9]],
    [10, [1, 5, 9, 10]],
    [17, [1, 9, 17]],
  ])('of %i points keeps evenly many, from the first to the newest', (points, expected) => {
    expect(times(filled(4, points))).toEqual(expected);
  });

  it('never keeps more than it may, and always the whole span', () => {
    for (let points = 1; points < 300; points++) {
      const known = times(filled(20, points)) ?? [];
      expect([known.length <= 21, known[0], known.at(-1)]).toEqual([true, 1, points]);
    }
  });

  it('thins each version by itself, and tells them together by time', () => {
    const history = filled(4, 5);
    history.add('accuracy', 60_000, point(2, 'v2'));
    expect(times(history)).toEqual([1, 2, 3, 5]);
  });

  it.each([
    [[60_000, 1_800_000, 3_600_000], 60_000],
    [[300_000, 60_000], 60_000],
  ])('with windows of %p shows that of %i ms unless another is asked for', (windows, shown) => {
    const history = new History();
    for (const windowMs of windows) history.add('recall', windowMs, point(1));
    expect(history.read('recall', null)?.windowMs).toBe(shown);
    expect(history.windowsOf('recall')).toEqual([...windows].sort((a, b) => a - b));
  });

  it('says when it knows nothing of a metric or a window', () => {
    const history = filled(4, 1);
    expect([history.read('recall', null), history.read('accuracy', 1)]).toEqual([null, null]);
    expect([history.metrics(), history.windowsOf('recall')]).toEqual([['accuracy'], []]);
  });
});
