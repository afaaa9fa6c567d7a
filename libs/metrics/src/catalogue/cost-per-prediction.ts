import { cost, unitsPerUsd } from '../accumulators/cost.js';
import { dividedBy, ratioOf } from '../fraction.js';
import { basis, type Metric } from '../metric.js';
import { share } from '../shapes.js';
import { taskTypes } from '../task-type.js';

export const costPerPrediction: Metric = {
  ...{ name: 'cost_per_prediction', title: 'Cost a prediction', meaning: 'mean cost of a prediction' },
  ...{ unit: 'USD', shownAs: 'dollars', ratio: false, worse: 'above' },
  ...{ tasks: taskTypes, restsOn: basis.traffic, minimumSamples: 1 },
  samples: (window) => window.count(cost.priced),
  measure: (window) => {
    const { value, samples } = share(window.wide(cost.costUnits), window.count(cost.priced));
    return { value: value === undefined ? undefined : value / unitsPerUsd, samples };
  },
  exactly: (window) =>
    dividedBy(ratioOf(window.wide(cost.costUnits), window.count(cost.priced)), ratioOf(unitsPerUsd, 1)),
};
