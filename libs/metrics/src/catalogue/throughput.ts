import { volume } from '../accumulators/volume.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';
import { taskTypes } from '../task-type.js';

const minuteMs = 60_000;
const predictions = (window: WindowFigures): number => window.count(volume.predictions);

export const throughput: Metric = {
  ...{ name: 'throughput', title: 'Throughput', meaning: 'predictions a minute' },
  ...{ unit: '1/min', shownAs: 'a minute', ratio: false, worse: null, ofLength: true },
  ...{ tasks: taskTypes, restsOn: basis.traffic, minimumSamples: 0, samples: predictions },
  measure: (window) => ({
    value: predictions(window) / (window.windowMs / minuteMs),
    samples: predictions(window),
  }),
  counts: (window) => [predictions(window) * minuteMs, window.windowMs],
};
