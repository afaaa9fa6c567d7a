import { describe, expect, it } from '@jest/globals';
import { mulberry32 } from '@moola/contracts/mulberry32';
import { LongestGap } from './longest-gap.js';

const gapOf = (times: readonly number[]) => {
  const gap = new LongestGap();
  times.forEach((timeMs, index) => gap.add({ timeMs, line: index + 1 }));
  return gap.get();
};

describe('the longest gap', () => {
  it('has the lines on both sides of it, in whatever order times come', () => {
    expect(gapOf([])).toBeNull();
    expect(gapOf([5])).toBeNull();
    expect(gapOf([5, 5])).toBeNull();
    expect(gapOf([10, 0, 100, 12, 99])).toEqual({
      before: { timeMs: 12, line: 4 },
      after: { timeMs: 99, line: 5 },
      lengthMs: 87,
    });
  });

  it('is found among very many times', () => {
    const words = mulberry32(3);
    const random = () => words() / 2 ** 32;
    const far = 5_000_000;
    for (const shuffled of [false, true]) {
      const times = Array.from({ length: 20_000 }, (_, i) => (shuffled ? Math.floor(random() * 1e6) : i * 50));
      const all = shuffled ? [...times.slice(0, 9_000), far, ...times.slice(9_000)] : [...times, far];
      const last = Math.max(...times);
      expect(gapOf(all)).toMatchObject({ before: { timeMs: last }, after: { timeMs: far }, lengthMs: far - last });
    }
  });
});
