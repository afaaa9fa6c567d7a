import { describe, expect, it } from '@jest/globals';
import { generator } from '../../testing/random-story.js';
import type { Points } from '../subjects/spaced-points.js';
import { paceOf, rateOf, timeFor } from './pace.js';

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
    for (const rate of Object.values(rateOf(paceOf(even)!))) expect(rate).toBeCloseTo(3, 9);
    for (const time of Object.values(timeFor(300, paceOf(even)!)!)) expect(time).toBeCloseTo(100_000, 6);
    expect(timeFor(0, paceOf(even)!)).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it('is not bent by a pause', () => {
    let step = 0;
    const paused = Array.from({ length: 61 }, (_, i): [number, number] => [
      i * 1000,
      i >= 20 && i < 25 ? step : (step += 3),
    ]);
    expect(rateOf(paceOf(paused)!).value).toBeCloseTo(3, 9);
  });

  it('of a job that stands still there is no end', () => {
    const still = Array.from({ length: 20 }, (_, i): [number, number] => [i * 1000, 7]);
    expect(timeFor(10, paceOf(still)!)).toBeUndefined();
  });

  it('has an interval of the time left that holds the time it then takes, in about 9 of 10 jobs or more', () => {
    const random = generator(11);
    const covered: Record<string, number> = {};
    const runs = 150;
    for (const [name, left] of [
      ['as much again', 600],
      ['ten times as much', 6000],
      ['a tenth', 60],
    ] as const) {
      let holds = 0;
      for (let run = 0; run < runs; run++) {
        const progress: Points = [[0, 0]];
        let timeMs = 0;
        // The time of a step varies by itself, and every 50th is followed by a checkpoint.
        const takeStep = (step: number): void => {
          timeMs += 1000 * (0.5 - Math.log(1 - random())) + (step % 50 === 0 ? 5000 : 0);
        };
        for (let step = 1; step <= 600; step++) {
          takeStep(step);
          if (step % 10 === 0) progress.push([timeMs, step]);
        }
        const nowMs = timeMs;
        const estimate = timeFor(left, paceOf(progress)!)!;
        for (let step = 601; step <= 600 + left; step++) takeStep(step);
        const took = timeMs - nowMs;
        if (estimate.lower! <= took && took <= (estimate.upper ?? Infinity)) holds++;
      }
      covered[name] = holds / runs;
    }
    for (const [name, share] of Object.entries(covered)) {
      expect([name, share, share >= 0.88 && share <= 0.995]).toEqual([name, share, true]);
    }
  });
});
