import { labels } from '../accumulators/labels.js';
import { basis, type Metric } from '../metric.js';
import { confusionOf } from './confusion-counts.js';

export const balancedAccuracy: Metric = {
  ...{ name: 'balanced_accuracy', title: 'Balanced accuracy', worse: 'below' },
  meaning: 'mean of recall and specificity: as good as accuracy where one class is rare; unknown without both classes',
  ...{ unit: 'ratio', shownAs: 'percent', ratio: true, tasks: ['binary'], restsOn: basis.labels },
  minimumSamples: 10,
  samples: (window) => window.count(labels),
  measure: (window) => {
    const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusionOf(window);
    const [positives, negatives] = [truePositives + falseNegatives, trueNegatives + falsePositives];
    const known = positives > 0 && negatives > 0;
    return {
      value: known ? (truePositives / positives + trueNegatives / negatives) / 2 : undefined,
      samples: window.count(labels),
    };
  },
};
