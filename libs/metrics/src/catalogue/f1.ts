import { basis, type Metric, type WindowFigures } from '../metric.js';
import { confusionOf } from './confusion-counts.js';

const samples = (window: WindowFigures): number => {
  const { truePositives, falsePositives, falseNegatives } = confusionOf(window);
  return truePositives + falsePositives + falseNegatives;
};

export const f1: Metric = {
  ...{ name: 'f1', title: 'F1', worse: 'below' },
  meaning: 'harmonic mean of precision and recall: 2 × true positives ÷ (positive answers + positive truths)',
  ...{ unit: 'ratio', shownAs: 'percent', ratio: true, tasks: ['binary'], restsOn: basis.labels },
  ...{ charted: true, minimumSamples: 10, samples },
  measure: (window) => {
    const count = samples(window);
    const { truePositives } = confusionOf(window);
    return { value: count === 0 ? undefined : (2 * truePositives) / (count + truePositives), samples: count };
  },
  counts: (window) => {
    const { truePositives } = confusionOf(window);
    return [2 * truePositives, samples(window) + truePositives];
  },
};
