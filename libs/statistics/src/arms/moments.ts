/** A sample of numbers in few: its count, its mean and the sum of squared deviations from it. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly deviations: number;
}

/** The same of two numbers of each unit. */
export interface PairMoments {
  readonly count: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly deviationsX: number;
  readonly deviationsY: number;
  /** Sum of the products of both deviations. */
  readonly products: number;
}

/** Sample variance; `NaN` of fewer than two. */
export const varianceOf = ({ count, deviations }: Moments): number => (count > 1 ? deviations / (count - 1) : NaN);

/** Two samples as one (T. F. Chan, G. H. Golub and R. J. LeVeque, 1979). */
export function mergedPairs(a: PairMoments, b: PairMoments): PairMoments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const weight = (a.count * b.count) / count;
  const x = b.meanX - a.meanX;
  const y = b.meanY - a.meanY;
  return {
    count,
    meanX: a.meanX + (x * b.count) / count,
    meanY: a.meanY + (y * b.count) / count,
    deviationsX: a.deviationsX + b.deviationsX + weight * x * x,
    deviationsY: a.deviationsY + b.deviationsY + weight * y * y,
    products: a.products + b.products + weight * x * y,
  };
}
