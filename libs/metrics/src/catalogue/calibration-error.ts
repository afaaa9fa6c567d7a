import { scoreOfCell, scores, scoreSteps } from '../accumulators/scores.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

const bins = 10;

/** By how much the share of positives differs from the mean score, over ten bins of equal width, by how full they are. */
function expectedError(window: WindowFigures): number | undefined {
  const [sums, positives] = [new Float64Array(bins), new Float64Array(bins)];
  let total = 0;
  window.forEachCell(scores.bins, (cell, count) => {
    const [step, positive] = scoreOfCell(cell);
    const bin = Math.min(bins - 1, Math.floor((step * bins) / scoreSteps));
    // Whole numbers: the order of cells does not matter.
    sums[bin]! += step * count;
    if (positive) positives[bin]! += count;
    total += count;
  });
  if (total === 0) return undefined;
  let error = 0;
  for (let bin = 0; bin < bins; bin++) error += Math.abs(positives[bin]! - sums[bin]! / scoreSteps);
  return error / total;
}

export const calibrationError: Metric = {
  ...{ name: 'expected_calibration_error', title: 'Calibration error', worse: 'above' },
  meaning:
    'mean difference between scores and the share that came true, over ten bins of the score; right to 0.0005, since scores are told apart by a thousandth',
  ...{ unit: 'ratio', shownAs: 'number', ratio: true, tasks: ['binary'], restsOn: basis.labels, minimumSamples: 10 },
  source: 'M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015',
  samples: (window) => window.count(scores.count),
  measure: (window) => ({ value: expectedError(window), samples: window.count(scores.count) }),
};
