import { field, type LabelAccumulator } from '../accumulator.js';
import { taskTypes } from '../task-type.js';

export const labels = field('labels', 'count', 'labels');

/** How many labels there are. */
export const labelsAccumulator: LabelAccumulator = {
  // Of every task: a budget asks how many labels a version has.
  ...{ id: 0, name: 'labels', feed: 'labels', tasks: taskTypes },
  fields: [labels],
  counter: (placeOf) => {
    const place = placeOf(labels);
    return ({ rows: { values } }, row) => {
      values[row + place]!++;
    };
  },
};
