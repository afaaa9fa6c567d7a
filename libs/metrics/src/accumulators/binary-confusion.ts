import { field, type LabelAccumulator } from '../accumulator.js';

/** One class is positive, all others are negative. True negatives are the labels that are none of these. */
export const confusion = {
  truePositives: field('labels', 'count', 'truePositives'),
  falsePositives: field('labels', 'count', 'falsePositives'),
  falseNegatives: field('labels', 'count', 'falseNegatives'),
} as const;

/** Answers against truths of two classes. */
export const binaryConfusionAccumulator: LabelAccumulator = {
  ...{ id: 2, name: 'binary confusion', feed: 'labels', tasks: ['binary'] },
  fields: [confusion.truePositives, confusion.falsePositives, confusion.falseNegatives],
  counter: (placeOf) => {
    const truePositives = placeOf(confusion.truePositives);
    const falsePositives = placeOf(confusion.falsePositives);
    const falseNegatives = placeOf(confusion.falseNegatives);
    return ({ rows: { values } }, row, { class: answer, truth }, { positiveClass }) => {
      if (answer === positiveClass) values[row + (truth === positiveClass ? truePositives : falsePositives)]!++;
      else if (truth === positiveClass) values[row + falseNegatives]!++;
    };
  },
};
