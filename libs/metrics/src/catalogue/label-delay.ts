import { labelDelayMs } from '../accumulators/label-delay.js';
import { labels } from '../accumulators/labels.js';
import { basis, type Metric } from '../metric.js';
import { share } from '../shapes.js';
import { labelledTasks } from '../task-type.js';

const msPerMinute = 60_000;

export const labelDelay: Metric = {
  ...{ name: 'label_delay', title: 'Label delay', worse: 'above' },
  meaning: 'mean time from a prediction until its outcome became known',
  ...{ unit: 'min', shownAs: 'minutes', ratio: false, tasks: labelledTasks, restsOn: basis.labels, minimumSamples: 1 },
  samples: (window) => window.count(labels),
  measure: (window) => share(window.wide(labelDelayMs) / msPerMinute, window.count(labels)),
};
