import { labels } from '../accumulators/labels.js';
import { residuals } from '../accumulators/residuals.js';
import { dividedBy, numberOf, ratioOf } from '../fraction.js';
import { basis, type Metric } from '../metric.js';

export const rmse: Metric = {
  ...{ name: 'rmse', title: 'RMSE', meaning: 'root of the mean of (answer − truth)²', worse: 'above' },
  ...{ unit: 'value', shownAs: 'number', ratio: false, tasks: ['regression'], restsOn: basis.labels },
  charted: true,
  minimumSamples: 10,
  samples: (window) => window.count(labels),
  measure: (window) => {
    const samples = window.count(labels);
    if (samples === 0) return { value: undefined, samples };
    return { value: Math.sqrt(numberOf(dividedBy(window.exact(residuals.square), ratioOf(samples, 1)))), samples };
  },
};
