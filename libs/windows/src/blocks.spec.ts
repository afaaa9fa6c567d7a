import { describe, expect, it } from '@jest/globals';
import { Blocks, capacityFor } from './blocks.js';

describe('blocks', () => {
  it('have room for what they are taken for, and at most half as much again', () => {
    expect([0, 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33].map(capacityFor)).toEqual([
      0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48,
    ]);
    for (let size = 1; size < 5000; size++) {
      expect(capacityFor(size)).toBeGreaterThanOrEqual(size);
      expect(capacityFor(size)).toBeLessThan(Math.max(2, 1.5 * size));
    }
  });

  it('are given out again to lists of the same capacity only, and never twice', () => {
    const blocks = new Blocks();
    const sizes = Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 300));
    const taken = sizes.map((size) => ({ size, at: blocks.take(size) }));
    const { end } = blocks;
    taken.forEach(({ size, at }) => blocks.give(at, size));
    expect(blocks.live).toBe(0);
    const again = sizes.map((size) => ({ size, at: blocks.take(size) })).sort((a, b) => a.at - b.at);
    expect(blocks.end).toBe(end);
    again.forEach(({ size, at }, i) => {
      expect(at + capacityFor(size)).toBeLessThanOrEqual(again[i + 1]?.at ?? end);
    });
  });
});
