import { basis } from '../metric.js';
import { proportion } from '../shapes.js';
import { negativeTruths, trueNegatives } from './confusion-counts.js';

export const specificity = proportion(
  {
    ...{ name: 'specificity', title: 'Specificity', worse: 'below', tasks: ['binary'], restsOn: basis.labels },
    meaning: 'true negatives ÷ truths that were negative',
    dependence: 'declared',
  },
  trueNegatives,
  negativeTruths,
);
