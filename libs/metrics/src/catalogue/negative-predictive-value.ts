import { labels } from '../accumulators/labels.js';
import { basis, type WindowFigures } from '../metric.js';
import { proportion } from '../shapes.js';
import { answeredPositive, trueNegatives } from './confusion-counts.js';

const answeredNegative = (window: WindowFigures): number => window.count(labels) - answeredPositive(window);

export const negativePredictiveValue = proportion(
  {
    ...{ name: 'negative_predictive_value', title: 'Negative predictive value', worse: 'below', tasks: ['binary'] },
    meaning: 'true negatives ÷ answers that were negative',
    ...{ restsOn: basis.labels, dependence: 'declared' },
  },
  trueNegatives,
  answeredNegative,
);
