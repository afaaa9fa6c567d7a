import { labelledPredictions } from '../accumulators/label-coverage.js';
import { volume } from '../accumulators/volume.js';
import { basis } from '../metric.js';
import { counting, proportion } from '../shapes.js';
import { labelledTasks } from '../task-type.js';

export const labelCoverage = proportion(
  {
    ...{
      name: 'label_coverage',
      title: 'Label coverage',
      worse: 'below',
      tasks: labelledTasks,
      restsOn: basis.traffic,
    },
    meaning:
      'predictions of the window whose outcome is known by now ÷ predictions: low in windows shorter than the label delay',
  },
  counting(labelledPredictions),
  counting(volume.predictions),
);
