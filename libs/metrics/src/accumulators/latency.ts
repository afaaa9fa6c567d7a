import { field, type TrafficAccumulator } from '../accumulator.js';
import { taskTypes } from '../task-type.js';

/** Milliseconds, of predictions that state it. */
export const latencies = field('traffic', 'quantiles', 'latencies');

/** How long predictions took. */
export const latencyAccumulator: TrafficAccumulator = {
  ...{ id: 5, name: 'latency', feed: 'traffic', tasks: taskTypes },
  fields: [latencies],
  counter: (placeOf) => {
    const place = placeOf(latencies);
    return (sums, row, { latencyMs }) => {
      if (latencyMs >= 0) sums.addValue(row, place, latencyMs);
    };
  },
};
