import { labels } from '../accumulators/labels.js';
import { right } from '../accumulators/right-answers.js';
import { minus, ratioOf } from '../fraction.js';
import { basis, type Metric } from '../metric.js';
import { counting, share } from '../shapes.js';
import { classifiers } from '../task-type.js';

const [rightOnes, labelled] = [counting(right), counting(labels)];

export const accuracyDegradation: Metric = {
  ...{ name: 'accuracy_degradation', title: 'Accuracy degradation' },
  meaning: 'accuracy when the version was last known good − accuracy; unknown before',
  ...{ unit: 'ratio', shownAs: 'points', ratio: true, worse: 'above' },
  ...{ tasks: classifiers, restsOn: basis.labels, minimumSamples: 1, needsBaseline: true, samples: labelled },
  measure: (window) => {
    const { value, samples } = share(rightOnes(window), labelled(window));
    const before = window.baseline?.['accuracy'];
    return { value: value === undefined || before === undefined ? undefined : before - value, samples };
  },
  exactly: (window) => {
    const before = window.baselineCounts['accuracy'];
    return before && minus(ratioOf(...before), ratioOf(rightOnes(window), labelled(window)));
  },
};
