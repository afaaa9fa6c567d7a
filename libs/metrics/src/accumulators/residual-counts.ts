import { field, type LabelAccumulator } from '../accumulator.js';
import { residualBin } from '../residual-bins.js';

/** How often residuals (answer − truth) of each size occurred: `residualBin`. */
export const residualCounts = field('labels', 'cells', 'residualCounts');

/** How the answers of a regression lie about the truths. */
export const residualCountsAccumulator: LabelAccumulator = {
  ...{ id: 11, name: 'residual counts', feed: 'labels', tasks: ['regression'] },
  fields: [residualCounts],
  counter: (placeOf) => {
    const place = placeOf(residualCounts);
    return (sums, row, { value, truthValue }) => {
      sums.addCell(row, place, residualBin(value - truthValue));
    };
  },
};
