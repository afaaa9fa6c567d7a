import { describe, expect, it } from '@jest/globals';
import type { Points } from '../subjects/spaced-points.js';
import { paceOf, timeFor } from './pace.js';

describe('the pace of a job', () => {
  it('is not known before time has passed', () => {
    expect(paceOf([])).toBeNull();
    expect(paceOf([[0, 1]])).toBeNull();
    expect(
      paceOf([
        [5, 1],
        [5, 9],
      ]),
    ).toBeNull();
  });

  it('is steps a second; of an even job the interval has no width', () => {
    const even = Array.from({ length: 20 }, (_, i): [number, number] => [i * 1000, 3 * i]);
    for (const rate of Object.values(paceOf(even)!.rate)) expect(rate).toBeCloseTo(3, 9);
    for (const time of Object.values(timeFor(300, paceOf(even)!)!)) expect(time).toBeCloseTo(100_000, 6);
    expect(timeFor(0, paceOf(even)!)).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it('is not bent by a pause', () => {
    let step = 0;
    const paused = Array.from({ length: 61 }, (_, i): [number, number] => [
      i * 1000,
      i >= 20 && i < 25 ? step : (step += 3),
    ]);
    expect(paceOf(paused)!.rate.value).toBeCloseTo(3, 9);
  });

  it('of a job that stands still there is no end', () => {
    const still = Array.from({ length: 20 }, (_, i): [number, number] => [i * 1000, 7]);
    expect(timeFor(10, paceOf(still)!)).toBeUndefined();
  });

  it('of few reports has no interval', () => {
    const few: Points = [0, 1, 2, 3, 4].map((i) => [1000 * i, i + (i % 2)]);
    expect(paceOf(few.slice(0, 3))!.rate).toEqual({ value: 1 });
    expect(timeFor(8, paceOf(few.slice(0, 3))!)).toEqual({ value: 8000 });
    expect(paceOf(few)!.rate).not.toHaveProperty('lower');
  });

  it('has a time left whose interval counts the pauses that the median forgets, at the begin and the end too', () => {
    const even = Array.from({ length: 21 }, (_, i): [number, number] => [1000 * i, 3 * i]);
    const later = (points: Points, byMs: number): Points => points.map(([timeMs, step]) => [timeMs + byMs, step]);
    const inTheMiddle: Points = [...even.slice(0, 11), ...later(even.slice(11), 4000)];
    const first: Points = [[0, 0], ...later(even, 4000)];
    const last: Points = [...even, [24_000, 60]];
    for (const paused of [inTheMiddle, first, last]) {
      const { lower, upper } = timeFor(60, paceOf(paused)!)!;
      expect((lower! + upper!) / 2).toBeCloseTo(24_000, 6);
      expect(upper! - lower!).toBeGreaterThan(8000);
    }
  });

  it('of a job that is nearly done has an interval from blocks as short as what is to come', () => {
    // Three quick steps, three slow ones: over blocks of six that evens out, over blocks of three it does not.
    let timeMs = 0;
    const uneven = Array.from({ length: 61 }, (_, i): [number, number] => [(timeMs += i % 6 < 3 ? 500 : 1500), i]);
    const ends = (steps: number) => timeFor(steps, paceOf(uneven)!)!;
    expect(ends(3).upper! - ends(3).lower!).toBeGreaterThan(1000);
    expect(ends(6).upper! - ends(6).lower!).toBeLessThan(1000);
  });
});
