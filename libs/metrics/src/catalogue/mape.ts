import { residuals } from '../accumulators/residuals.js';
import { dividedBy, numberOf, ratioOf } from '../fraction.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

const samples = (window: WindowFigures): number => window.count(residuals.relativeCount);

export const mape: Metric = {
  ...{ name: 'mape', title: 'MAPE', worse: 'above' },
  meaning: 'mean size of (answer − truth) ÷ truth; truths of 0 are left out, and are no samples',
  ...{ unit: 'ratio', shownAs: 'percent', ratio: false, tasks: ['regression'], restsOn: basis.labels },
  ...{ charted: true, minimumSamples: 10, samples },
  measure: (window) => {
    const count = samples(window);
    if (count === 0) return { value: undefined, samples: count };
    return { value: numberOf(dividedBy(window.exact(residuals.relative), ratioOf(count, 1))), samples: count };
  },
};
