import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { Turns } from './turns.js';

describe('turns', () => {
  it('lets a stated number run at a time, in order, and the next after a failure', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const runs = [0, 1, 2, 3, 4].map((n) =>
      turns
        .take(async () => {
          begun.push(n);
          await new Promise<void>((resolve) => ends.push(resolve));
          if (n === 1) throw new Error('failed');
          return n;
        })
        .catch((error: unknown) => String(error)),
    );
    await setImmediate();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await setImmediate();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await setImmediate();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    ends.slice(3).forEach((end) => end());
    expect(await Promise.all(runs)).toEqual([0, 'Error: failed', 2, 3, 4]);
  });
});
