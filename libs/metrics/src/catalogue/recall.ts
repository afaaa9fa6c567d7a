import { basis } from '../metric.js';
import { proportion } from '../shapes.js';
import { positiveTruths, truePositives } from './confusion-counts.js';

export const recall = proportion(
  {
    ...{ name: 'recall', title: 'Recall', worse: 'below', tasks: ['binary'], restsOn: basis.labels },
    meaning: 'true positives ÷ truths that were positive',
    charted: true,
    dependence: 'declared',
  },
  truePositives,
  positiveTruths,
);
