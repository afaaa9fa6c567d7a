import { field, type TrafficAccumulator } from '../accumulator.js';
import { taskTypes } from '../task-type.js';

/** Money is summed in whole billionths of a dollar: exact in any order, of any number of predictions. */
export const unitsPerUsd = 1e9;

export const cost = {
  /** Predictions whose cost is known. */
  priced: field('traffic', 'count', 'priced'),
  /** What they cost, in units of `unitsPerUsd`. */
  costUnits: field('traffic', 'wide', 'costUnits'),
} as const;

/** What predictions cost. */
export const costAccumulator: TrafficAccumulator = {
  ...{ id: 4, name: 'cost', feed: 'traffic', tasks: taskTypes },
  fields: [cost.priced, cost.costUnits],
  counter: (placeOf) => {
    const [priced, costUnits] = [placeOf(cost.priced), placeOf(cost.costUnits)];
    return (sums, row, { costUsd }) => {
      if (!(costUsd >= 0 && costUsd < Infinity)) return;
      sums.rows.values[row + priced]!++;
      sums.addWide(row, costUnits, Math.round(costUsd * unitsPerUsd));
    };
  },
};
