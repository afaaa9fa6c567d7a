import { field, type LabelAccumulator } from '../accumulator.js';
import { labelledTasks } from '../task-type.js';

/** How long after their predictions labels became known, added up, whole milliseconds. */
export const labelDelayMs = field('labels', 'wide', 'labelDelayMs');

/** How late labels are. */
export const labelDelayAccumulator: LabelAccumulator = {
  ...{ id: 9, name: 'label delay', feed: 'labels', tasks: labelledTasks },
  fields: [labelDelayMs],
  counter: (placeOf) => {
    const place = placeOf(labelDelayMs);
    return (sums, row, { predictedAtMs, knownAtMs }) => {
      // One that was known before its prediction, by clocks that differ, is not late.
      sums.addWide(row, place, Math.max(0, Math.round(knownAtMs - predictedAtMs)));
    };
  },
};
