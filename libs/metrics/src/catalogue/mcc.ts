import { labels } from '../accumulators/labels.js';
import { basis, type Metric } from '../metric.js';
import { confusionOf } from './confusion-counts.js';

export const mcc: Metric = {
  ...{ name: 'mcc', title: 'MCC', worse: 'below', signed: true },
  meaning:
    'correlation of answers and truths (Matthews): 1 all right, 0 as by chance; unknown where all answers or all truths are alike',
  ...{ unit: 'index', shownAs: 'number', ratio: true, tasks: ['binary'], restsOn: basis.labels },
  minimumSamples: 10,
  source: 'B. W. Matthews, Biochimica et Biophysica Acta 405 (1975)',
  samples: (window) => window.count(labels),
  measure: (window) => {
    const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusionOf(window);
    const spread =
      Math.sqrt(truePositives + falsePositives) *
      Math.sqrt(truePositives + falseNegatives) *
      Math.sqrt(trueNegatives + falsePositives) *
      Math.sqrt(trueNegatives + falseNegatives);
    const together = truePositives * trueNegatives - falsePositives * falseNegatives;
    return { value: spread === 0 ? undefined : together / spread, samples: window.count(labels) };
  },
};
