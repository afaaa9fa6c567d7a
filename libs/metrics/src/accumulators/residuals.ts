import { field, type LabelAccumulator } from '../accumulator.js';
import { squareOf } from '../two-product.js';

/** Sums over residuals (answer − truth) and truths of a regression. */
export const residuals = {
  sum: field('labels', 'exact', 'residual'),
  absolute: field('labels', 'exact', 'absoluteResidual'),
  square: field('labels', 'exact', 'squaredResidual'),
  truth: field('labels', 'exact', 'truth'),
  truthSquare: field('labels', 'exact', 'squaredTruth'),
  /** |residual ÷ truth|, of truths that are not 0. */
  relative: field('labels', 'exact', 'relativeResidual'),
  relativeCount: field('labels', 'count', 'relativeResiduals'),
} as const;

/** How far the answers of a regression lie from the truths. */
export const residualsAccumulator: LabelAccumulator = {
  ...{ id: 6, name: 'residuals', feed: 'labels', tasks: ['regression'] },
  fields: Object.values(residuals),
  counter: (placeOf) => {
    const at = Object.fromEntries(Object.entries(residuals).map(([name, field]) => [name, placeOf(field)])) as Record<
      keyof typeof residuals,
      number
    >;
    return (sums, row, { value, truthValue }) => {
      const residual = value - truthValue;
      sums.addExact(row, at.sum, residual);
      sums.addExact(row, at.absolute, Math.abs(residual));
      sums.addExact(row, at.truth, truthValue);
      for (const part of squareOf(residual)) sums.addExact(row, at.square, part);
      for (const part of squareOf(truthValue)) sums.addExact(row, at.truthSquare, part);
      if (truthValue === 0) return;
      sums.rows.values[row + at.relativeCount]!++;
      sums.addExact(row, at.relative, Math.abs(residual / truthValue));
    };
  },
};
