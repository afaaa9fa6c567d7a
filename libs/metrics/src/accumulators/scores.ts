import { field, type ScoreAccumulator, type Sums } from '../accumulator.js';
import { classifiers } from '../task-type.js';
import { squareOf } from '../two-product.js';

/** A score counts in the bin of the nearest of so many equal steps. */
export const scoreSteps = 1000;
/** A probability of 0 for what was true would have an infinite logarithm: it is taken this much inside, as scikit-learn does. */
const least = 2 ** -52;

export const scores = {
  /** Labels whose prediction says how probable each class was: of a binary model those with a score. */
  count: field('scores', 'count', 'scored'),
  /** The sum over the classes of (probability − truth)², the truth being 1 for what was true, else 0; of two classes half of it. */
  square: field('scores', 'exact', 'squaredScoreError'),
  /** −ln of the probability that was given to what was true. */
  surprise: field('scores', 'exact', 'surprise'),
  /** How often each score occurred, by whether it came true: `scoreCell`. */
  bins: field('scores', 'cells', 'scoreBins'),
} as const;

function scoreCell(score: number, cameTrue: boolean): number {
  return 2 * Math.round(score * scoreSteps) + (cameTrue ? 1 : 0);
}

/** @returns the step of the score, and whether it came true */
export function scoreOfCell(cell: number): readonly [step: number, cameTrue: boolean] {
  return [Math.floor(cell / 2), cell % 2 === 1];
}

/**
 * What scores say against truths. The score of a binary model is the probability of the positive class, and comes true where the
 * truth is positive; that of others is the probability of the answer, and comes true where that is right.
 */
export const scoresAccumulator: ScoreAccumulator = {
  ...{ id: 8, name: 'scores', feed: 'scores', tasks: classifiers },
  fields: Object.values(scores),
  counter: (placeOf) => {
    const [count, square, surprise, bins] = [scores.count, scores.square, scores.surprise, scores.bins].map(
      placeOf,
    ) as [number, number, number, number];
    const addSquare = (sums: Sums, row: number, value: number): void => {
      for (const part of squareOf(value)) sums.addExact(row, square, part);
    };
    const addSurprise = (sums: Sums, row: number, probability: number): void => {
      sums.addExact(row, surprise, -Math.log(Math.min(Math.max(probability, least), 1 - least)));
    };
    return (sums, row, { score, truth, class: answer, probabilities }, { positiveClass, task }) => {
      if (task === 'binary') {
        const positive = truth === positiveClass;
        sums.rows.values[row + count]!++;
        addSquare(sums, row, score - (positive ? 1 : 0));
        addSurprise(sums, row, positive ? score : 1 - score);
        sums.addCell(row, bins, scoreCell(score, positive));
        return;
      }
      sums.addCell(row, bins, scoreCell(score, answer === truth));
      const classes = Object.entries(probabilities);
      if (classes.length === 0) return;
      sums.rows.values[row + count]!++;
      for (const [name, probability] of classes) addSquare(sums, row, probability - (name === truth ? 1 : 0));
      const ofTruth = Object.hasOwn(probabilities, truth) ? (probabilities[truth] ?? 0) : undefined;
      // A class that the model does not know was impossible to it.
      if (ofTruth === undefined) addSquare(sums, row, 1);
      addSurprise(sums, row, ofTruth ?? 0);
    };
  },
};
