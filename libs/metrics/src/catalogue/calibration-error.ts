import { scoreOfCell, scores, scoreSteps } from '../accumulators/scores.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

const bins = 10;

/** The labels of a window whose score lies in [from, to]. */
export interface ScoreBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanScore: number;
  /** Of them, truly positive. */
  readonly positives: number;
}

/** The scores of a window in ten bins of equal width, without the empty ones. Scores are told apart by a thousandth. */
export function scoreBins(window: WindowFigures): ScoreBin[] {
  const [sums, positives, counts] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  window.forEachCell(scores.bins, (cell, count) => {
    const [step, positive] = scoreOfCell(cell);
    const bin = Math.min(bins - 1, Math.floor((step * bins) / scoreSteps));
    // Whole numbers: the order of cells does not matter.
    sums[bin]! += step * count;
    if (positive) positives[bin]! += count;
    counts[bin]! += count;
  });
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    meanScore: sums[bin]! / scoreSteps / count,
    positives: positives[bin]!,
  })).filter(({ count }) => count > 0);
}

/** By how much the share of positives differs from the mean score, by how full the bins are. */
function expectedError(window: WindowFigures): number | undefined {
  const total = window.count(scores.count);
  if (total === 0) return undefined;
  const errors = scoreBins(window).map(({ count, meanScore, positives }) => Math.abs(positives - meanScore * count));
  return errors.reduce((sum, error) => sum + error, 0) / total;
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
