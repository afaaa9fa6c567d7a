import { latencies } from '../accumulators/latency.js';
import { basis, type Metric } from '../metric.js';
import { taskTypes } from '../task-type.js';

/** From bins of equal relative width: right to 1 %. */
function percentile(percent: number, meaning: string): Metric {
  return {
    ...{ name: `latency_p${percent}`, title: `Latency P${percent}`, meaning },
    ...{ unit: 'ms', shownAs: 'milliseconds', ratio: false, worse: 'above' },
    ...{ tasks: taskTypes, restsOn: basis.traffic, minimumSamples: 1 },
    source: 'nearest rank over bins: Masson, Rim and Lee, DDSketch, VLDB 2019',
    samples: (window) => window.values(latencies),
    measure: (window) => ({ value: window.percentile(latencies, percent), samples: window.values(latencies) }),
  };
}

export const latencyP50 = percentile(50, 'median latency');
export const latencyP95: Metric = { ...percentile(95, '95th percentile of latency'), charted: true };
export const latencyP99 = percentile(99, '99th percentile of latency');
