import { field, type TrafficAccumulator } from '../accumulator.js';
import { taskTypes } from '../task-type.js';

export const volume = {
  predictions: field('traffic', 'count', 'predictions'),
  errors: field('traffic', 'count', 'errors'),
} as const;

/** How many predictions there are, and how many failed. */
export const volumeAccumulator: TrafficAccumulator = {
  ...{ id: 3, name: 'volume', feed: 'traffic', tasks: taskTypes },
  fields: [volume.predictions, volume.errors],
  counter: (placeOf) => {
    const [predictions, errors] = [placeOf(volume.predictions), placeOf(volume.errors)];
    return ({ rows: { values } }, row, { error }) => {
      values[row + predictions]!++;
      if (error !== '') values[row + errors]!++;
    };
  },
};
