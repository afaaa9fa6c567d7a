import { estimatedHalfWidth, sequenceHalfWidth } from '@moola/statistics/confidence-sequence';
import { shareOf, type Cell, type Covered } from './coverage.js';
import { drawsOf } from './draws.js';

const runs = 1000;
const looks = [50, 200, 600];
const settings = { alpha: 0.05, tunedFor: 60 } as const;

/** How often the bound holds at every look, from the first on. */
function always(halfWidth: (variance: number, n: number) => number): Cell[] {
  const draws = drawsOf(1);
  return looks.map((length) => ({
    ...{ at: `${length} looks`, n: length },
    coverage: shareOf(runs, () => {
      let [sum, squares] = [0, 0];
      for (let n = 1; n <= length; n++) {
        const value = draws.normal();
        sum += value;
        squares += value * value;
        if (Math.abs(sum / n) > halfWidth(squares / n - (sum / n) ** 2, n)) return false;
      }
      return true;
    }),
  }));
}

const about = {
  ...{ of: 'paired comparison of versions', nominal: 0.95, grid: `${runs} series each, looked at after every bucket` },
  atLeast: true,
} as const;

export const sequences: readonly Covered[] = [
  {
    ...{ ...about, name: 'Always-valid bound, known variance (≥ 95 %)' },
    cells: () => always((_, n) => sequenceHalfWidth(1 / Math.sqrt(n), n, settings)),
  },
  {
    ...{ ...about, name: 'Always-valid bound, estimated variance (≥ 95 %)' },
    cells: () => always((variance, n) => estimatedHalfWidth(Math.sqrt(variance / n), n, n - 1, settings)),
  },
];
