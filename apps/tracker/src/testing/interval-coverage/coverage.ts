/** How often an interval holds the truth, at one place of its grid. */
export interface Cell {
  /** Such as `p = 0.3, n = 50`. */
  readonly at: string;
  /** Samples, reports or looks. */
  readonly n: number;
  /** In [0, 1]: exact, or of so many simulations as the method states. */
  readonly coverage: number;
}

/** An interval method, and how often it holds over a grid. Seeds are fixed: it is the same every time. */
export interface Covered {
  readonly name: string;
  /** What uses it. */
  readonly of: string;
  /** What the grid is. */
  readonly grid: string;
  readonly nominal: number;
  /** It is to hold at least as often: an interval that is valid however often one looks holds more often at fewer looks. */
  readonly atLeast?: true;
  readonly cells: () => Cell[];
}

export interface Summary {
  /** Over the cells with n ≥ 50. */
  readonly mean: number;
  readonly least: Cell;
}

export const fewestSamples = 50;

export function summaryOf(cells: readonly Cell[]): Summary {
  const large = cells.filter(({ n }) => n >= fewestSamples);
  const mean = large.reduce((sum, { coverage }) => sum + coverage, 0) / large.length;
  return { mean, least: large.reduce((least, cell) => (cell.coverage < least.coverage ? cell : least)) };
}

/** The share of so many runs in which `holds`. */
export function shareOf(runs: number, holds: () => boolean): number {
  let held = 0;
  for (let run = 0; run < runs; run++) if (holds()) held++;
  return held / runs;
}
