import { decimalOf, dividedBy } from '../fraction.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';
import { taskTypes } from '../task-type.js';
import { latencyP95 } from './latency-percentiles.js';

const beforeOf = (window: WindowFigures): number | undefined => window.baseline?.[latencyP95.name];

export const latencyIncrease: Metric = {
  ...{ name: 'latency_increase', title: 'Latency increase' },
  meaning: 'P95 latency ÷ that of when the version was last known good; unknown before',
  ...{ unit: 'times', shownAs: 'times', ratio: false, worse: 'above' },
  ...{ tasks: taskTypes, restsOn: basis.traffic, minimumSamples: 1, needsBaseline: true, samples: latencyP95.samples },
  measure: (window) => {
    const { value, samples } = latencyP95.measure(window);
    const before = beforeOf(window);
    return { value: value === undefined || !before ? undefined : value / before, samples };
  },
  exactly: (window) => {
    const [now, before] = [latencyP95.measure(window).value, beforeOf(window)];
    return now === undefined || !before ? undefined : dividedBy(decimalOf(now), decimalOf(before));
  },
};
