import { basis } from '../metric.js';
import { proportion } from '../shapes.js';
import { answeredPositive, truePositives } from './confusion-counts.js';

export const precision = proportion(
  {
    ...{ name: 'precision', title: 'Precision', worse: 'below', tasks: ['binary'], restsOn: basis.labels },
    meaning: 'true positives ÷ answers that were positive',
    charted: true,
    dependence: 'declared',
  },
  truePositives,
  answeredPositive,
);
