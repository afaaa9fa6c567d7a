import { field, type LabelAccumulator } from '../accumulator.js';
import { classifiers } from '../task-type.js';

/** Answers that equal the truth, of any number of classes. */
export const right = field('labels', 'count', 'right');

/** How many answers were right. */
export const rightAnswersAccumulator: LabelAccumulator = {
  ...{ id: 1, name: 'right answers', feed: 'labels', tasks: classifiers },
  fields: [right],
  counter: (placeOf) => {
    const place = placeOf(right);
    return ({ rows: { values } }, row, { class: answer, truth }) => {
      if (answer === truth) values[row + place]!++;
    };
  },
};
