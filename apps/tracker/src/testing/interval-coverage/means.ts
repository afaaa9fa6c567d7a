import { meanInterval } from '@moola/statistics/mean-interval';
import { normalQuantile } from '@moola/statistics/normal';
import { shareOf, type Cell, type Covered } from './coverage.js';
import { drawsOf, type Draws } from './draws.js';

const runs = 2000;
const sizes = [50, 100, 200, 500, 1000];

function cellsOf(mean: number, draw: (draws: Draws) => number): Cell[] {
  const draws = drawsOf(1);
  const z = normalQuantile(0.975);
  return sizes.map((n) => ({
    ...{ at: `n = ${n}`, n },
    coverage: shareOf(runs, () => {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const value = draw(draws);
        sum += value;
        squares += value * value;
      }
      const { lower, upper } = meanInterval(sum / n, (squares - (sum * sum) / n) / (n - 1), n, z);
      return lower <= mean && mean <= upper;
    }),
  }));
}

const about = { grid: `${runs} samples each; n 50 to 1000`, nominal: 0.95 } as const;

export const means: readonly Covered[] = [
  {
    ...{ ...about, name: 'Mean, Student’s t, normal residuals', of: 'bias' },
    cells: () => cellsOf(0, (draws) => draws.normal()),
  },
  {
    ...{ ...about, name: 'Mean, Student’s t, size of normal residuals', of: 'MAE' },
    cells: () => cellsOf(Math.sqrt(2 / Math.PI), (draws) => Math.abs(draws.normal())),
  },
  {
    ...{ ...about, name: 'Mean, Student’s t, exponential sizes (skewed)', of: 'MAE' },
    cells: () => cellsOf(1, (draws) => draws.exponential()),
  },
];
