import { volume } from '../accumulators/volume.js';
import { basis } from '../metric.js';
import { counting, proportion } from '../shapes.js';
import { taskTypes } from '../task-type.js';

export const errorRate = proportion(
  {
    ...{ name: 'error_rate', title: 'Error rate', worse: 'above', tasks: taskTypes, restsOn: basis.traffic },
    meaning: 'failed predictions ÷ predictions',
    charted: true,
    dependence: 'none',
  },
  counting(volume.errors),
  counting(volume.predictions),
);
