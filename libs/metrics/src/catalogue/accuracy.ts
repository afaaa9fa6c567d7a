import { labels } from '../accumulators/labels.js';
import { right } from '../accumulators/right-answers.js';
import { basis } from '../metric.js';
import { counting, proportion } from '../shapes.js';
import { classifiers } from '../task-type.js';

export const accuracy = proportion(
  {
    ...{ name: 'accuracy', title: 'Accuracy', worse: 'below', tasks: classifiers, restsOn: basis.labels },
    meaning: 'right answers ÷ labelled predictions',
    charted: true,
    dependence: 'measured in the window',
  },
  counting(right),
  counting(labels),
);
