import { describe, expect, it } from '@jest/globals';
import { rangeIn, ranges, searchWith, spanOf } from './range';

describe('the range of a chart', () => {
  it('stands in the address, beside what else does', () => {
    for (const range of ranges) expect(rangeIn(searchWith('?environment=example', range))).toBe(range);
    expect(searchWith('?environment=example&range=7d', ranges[0])).toBe('?environment=example');
    expect(rangeIn('?range=100y').name).toBe('live');
  });

  it('ends at the clock, and stays for a while', () => {
    const week = rangeIn('?range=7d');
    const { fromMs, toMs } = spanOf(week, 1e12);
    expect(toMs - fromMs).toBe(week.lengthMs);
    expect(toMs).toBeGreaterThan(1e12);
    expect(spanOf(week, toMs - 1)).toEqual({ fromMs, toMs });
    expect(spanOf(rangeIn('?range=all'), 1e12).fromMs).toBe(0);
  });
});
