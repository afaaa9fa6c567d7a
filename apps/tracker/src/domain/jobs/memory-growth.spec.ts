import { describe, expect, it } from '@jest/globals';
import { generator } from '../../testing/random-story.js';
import { addPoint, dropBefore, type Points } from '../subjects/spaced-points.js';
import { outOfMemoryIn } from './memory-growth.js';

const limit = 16e9;
const minute = 60_000;

/** Memory each 10 seconds as a job keeps it. @returns when it was first said to be less than 30 minutes, and when it happened */
function foretell(
  bytesAt: (timeMs: number) => number,
  untilMs: number,
): { saidMs: number | null; happenedMs: number | null } {
  const memory: Points = [];
  let saidMs: number | null = null;
  for (let timeMs = 0; timeMs <= untilMs; timeMs += 10_000) {
    const bytes = bytesAt(timeMs);
    if (bytes >= limit) return { saidMs, happenedMs: timeMs };
    addPoint(memory, timeMs, bytes, 32);
    dropBefore(memory, timeMs - 30 * minute, 8);
    if (timeMs % minute !== 0) continue;
    const estimate = outOfMemoryIn(memory, limit);
    if (saidMs === null && estimate !== undefined && estimate.value < 30 * minute) saidMs = timeMs;
  }
  return { saidMs, happenedMs: null };
}

describe('running out of memory is foretold', () => {
  it('on a straight line exactly', () => {
    const memory = Array.from({ length: 10 }, (_, i): [number, number] => [i * minute, 1e9 + i * 1e9]);
    expect(outOfMemoryIn(memory, limit)).toEqual({ value: 6 * minute, lower: 6 * minute, upper: 6 * minute });
  });

  it('not on memory that stands still, falls, or is released and taken again', () => {
    const random = generator(3);
    const steady = (): number => 8e9 + 1e9 * random();
    expect(foretell(steady, 180 * minute)).toEqual({ saidMs: null, happenedMs: null });
    const sawtooth = (timeMs: number): number => 4e9 + 8e9 * ((timeMs % (7 * minute)) / (7 * minute));
    const points = Array.from({ length: 180 }, (_, i): [number, number] => [i * 10_000, sawtooth(i * 10_000)]);
    expect(
      outOfMemoryIn(
        points.filter((_, i) => i % 4 === 0),
        limit,
      ),
    ).toBeUndefined();
    const falling = points.map(([timeMs, _], i): [number, number] => [timeMs, 9e9 - 1e6 * i]);
    expect(outOfMemoryIn(falling.slice(0, 40), limit)).toBeUndefined();
  });

  it('not from seven reports', () => {
    const memory = Array.from({ length: 7 }, (_, i): [number, number] => [i * minute, 1e9 + i * 1e9]);
    expect(outOfMemoryIn(memory, limit)).toBeUndefined();
  });

  it('at once where the line has reached the limit', () => {
    const memory = Array.from({ length: 10 }, (_, i): [number, number] => [i * minute, 12e9 + i * 1e9]);
    expect(outOfMemoryIn(memory, limit)).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  // Measured: at least 29, 26, 15 and 17 minutes before; a leak that takes less than half an hour can only be seen once it has begun.
  it.each([
    ['a leak of an hour without noise', 60, 0, 25],
    ['a leak of an hour with noise of 1 GB', 60, 1e9, 25],
    ['a leak of four hours with noise of 1 GB', 240, 1e9, 14],
    ['a leak of 20 minutes with noise of 1 GB', 20, 1e9, 15],
  ] as const)('%s: in time, in 20 of 20 runs', (_, minutes, noise, leastMinutes) => {
    const leads: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const random = generator(seed);
      const leak = (timeMs: number): number => 4e9 + (12e9 * timeMs) / (minutes * minute) + noise * (random() - 0.5);
      const { saidMs, happenedMs } = foretell(leak, 300 * minute);
      expect(happenedMs).not.toBeNull();
      expect(saidMs).not.toBeNull();
      leads.push((happenedMs! - saidMs!) / minute);
    }
    leads.sort((a, b) => a - b);
    expect(leads[0]).toBeGreaterThanOrEqual(leastMinutes);
    expect(leads[10]).toBeLessThan(45);
  });
});
