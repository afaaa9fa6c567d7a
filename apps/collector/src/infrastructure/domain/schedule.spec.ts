import { describe, expect, it } from '@jest/globals';
import { nextInstant } from './schedule.js';

const pace = { name: 'pods', intervalMs: 30_000 };
const now = 1_700_000_000_000;

describe('when to ask next', () => {
  it('is the same instant for all who own the definition, once an interval', () => {
    const first = nextInstant(pace, now, 0, 0.3);
    expect(first).toBeGreaterThan(now);
    expect(first).toBeLessThanOrEqual(now + 30_000);
    expect(nextInstant(pace, first - 1, 0, 0.9)).toBe(first);
    expect(nextInstant(pace, first, 1, 0.9)).toBe(first + 30_000);
    expect(nextInstant(pace, first + 100_000, 0, 0.9)).toBe(first + 120_000);
  });

  it('differs by name, so that not all ask at once', () => {
    const phases = new Set(
      Array.from({ length: 100 }, (_, i) => nextInstant({ ...pace, name: `d${i}` }, now, 0, 0) % 30_000),
    );
    expect(phases.size).toBeGreaterThan(90);
  });

  it('comes later after failures, by chance, but within a minute or two', () => {
    const fast = { name: 'pods', intervalMs: 5_000 };
    const waits = [1, 2, 3, 4, 5, 50].map((failures) => nextInstant(fast, now, failures, 0.999) - now);
    expect(waits.every((wait, i) => i === 0 || wait >= waits[i - 1]!)).toBe(true);
    expect(waits[0]).toBeLessThanOrEqual(5_000);
    expect(waits.at(-1)).toBeGreaterThan(50_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(60_000);
    expect(nextInstant(fast, now, 50, 0) - now).toBeLessThan(waits.at(-1)!);
    expect(nextInstant({ name: 'pods', intervalMs: 60_000 }, now, 50, 0.9) - now).toBeLessThanOrEqual(60_000);
  });
});
