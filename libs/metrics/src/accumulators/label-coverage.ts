import { field, type TrafficAccumulator } from '../accumulator.js';
import { labelledTasks } from '../task-type.js';

/** Predictions that have a label by now. They are counted when that comes, in the buckets of their predictions. */
export const labelledPredictions = field('traffic', 'count', 'labelledPredictions');

/** How many predictions are labelled. */
export const labelCoverageAccumulator: TrafficAccumulator = {
  ...{ id: 10, name: 'label coverage', feed: 'traffic', tasks: labelledTasks },
  fields: [labelledPredictions],
  // A prediction has no label when it is made.
  counter: () => () => undefined,
};
