import { field, type ScoreAccumulator } from '../accumulator.js';
import { squareOf } from '../two-product.js';

/** A score counts in the bin of the nearest of so many equal steps. */
export const scoreSteps = 1000;
/** A score of 0 or 1 that was wrong would have an infinite logarithm: it is taken this much inside, as scikit-learn does. */
const least = 2 ** -52;

export const scores = {
  count: field('scores', 'count', 'scored'),
  /** (score − truth)², the truth being 1 where it is positive, else 0. */
  square: field('scores', 'exact', 'squaredScoreError'),
  /** −ln of the probability that the score gave to what was true. */
  surprise: field('scores', 'exact', 'surprise'),
  /** How often each score occurred, by truth: `scoreCell`. */
  bins: field('scores', 'cells', 'scoreBins'),
} as const;

/** @returns the step of the score, and whether the truth was positive */
export function scoreOfCell(cell: number): readonly [step: number, positive: boolean] {
  return [Math.floor(cell / 2), cell % 2 === 1];
}

/** What scores say against truths of two classes. */
export const scoresAccumulator: ScoreAccumulator = {
  ...{ id: 8, name: 'scores', feed: 'scores', tasks: ['binary'] },
  fields: Object.values(scores),
  counter: (placeOf) => {
    const [count, square, surprise, bins] = [scores.count, scores.square, scores.surprise, scores.bins].map(
      placeOf,
    ) as [number, number, number, number];
    return (sums, row, { score, truth }, { positiveClass }) => {
      const positive = truth === positiveClass;
      sums.rows.values[row + count]!++;
      for (const part of squareOf(score - (positive ? 1 : 0))) sums.addExact(row, square, part);
      const inside = Math.min(Math.max(score, least), 1 - least);
      sums.addExact(row, surprise, -Math.log(positive ? inside : 1 - inside));
      sums.addCell(row, bins, 2 * Math.round(score * scoreSteps) + (positive ? 1 : 0));
    };
  },
};
