import { labels as labelCount } from '../accumulators/labels.js';
import { volume } from '../accumulators/volume.js';
import { basis } from '../metric.js';
import { counting, tally } from '../shapes.js';
import { positiveTruths } from './confusion-counts.js';

export const predictions = tally(
  { name: 'predictions', title: 'Predictions', meaning: 'predictions in the window', restsOn: basis.traffic },
  counting(volume.predictions),
);

export const labels = tally(
  { name: 'labels', title: 'Labels', meaning: 'labelled predictions in the window', restsOn: basis.labels },
  counting(labelCount),
);

export const positives = tally(
  {
    ...{ name: 'positives', title: 'Positives', meaning: 'labels whose truth was positive' },
    ...{ restsOn: basis.labels, tasks: ['binary'] },
  },
  positiveTruths,
);
