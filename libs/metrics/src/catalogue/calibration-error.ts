import { scoreOfCell, scores, scoreSteps } from '../accumulators/scores.js';
import { basis, type Measured, type Metric, type WindowFigures } from '../metric.js';
import { classifiers } from '../task-type.js';

const bins = 10;

/** The labels of a window whose score lies in [from, to]. */
export interface ScoreBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanScore: number;
  /** Of them, come true: truly positive, or of several classes answered right. */
  readonly cameTrue: number;
}

/** The scores of a window in ten bins of equal width, without the empty ones. Scores are told apart by a thousandth. */
export function scoreBins(window: WindowFigures): ScoreBin[] {
  const [sums, cameTrue, counts] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  window.forEachCell(scores.bins, (cell, count) => {
    const [step, isTrue] = scoreOfCell(cell);
    const bin = Math.min(bins - 1, Math.floor((step * bins) / scoreSteps));
    // Whole numbers: the order of cells does not matter.
    sums[bin]! += step * count;
    if (isTrue) cameTrue[bin]! += count;
    counts[bin]! += count;
  });
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    meanScore: sums[bin]! / scoreSteps / count,
    cameTrue: cameTrue[bin]!,
  })).filter(({ count }) => count > 0);
}

/** By how much the share that came true differs from the mean score, by how full the bins are. */
function expectedError(window: WindowFigures): Measured {
  const all = scoreBins(window);
  const samples = all.reduce((sum, { count }) => sum + count, 0);
  if (samples === 0) return { value: undefined, samples };
  const errors = all.map(({ count, meanScore, cameTrue }) => Math.abs(cameTrue - meanScore * count));
  return { value: errors.reduce((sum, error) => sum + error, 0) / samples, samples };
}

function scored(window: WindowFigures): number {
  let samples = 0;
  window.forEachCell(scores.bins, (_, count) => (samples += count));
  return samples;
}

export const calibrationError: Metric = {
  ...{ name: 'expected_calibration_error', title: 'Calibration error', worse: 'above' },
  meaning:
    'mean difference between scores and the share that came true, over ten bins of the score; right to 0.0005, since scores are told apart by a thousandth; of several classes the score is the probability of the answer',
  ...{ unit: 'ratio', shownAs: 'number', ratio: true, tasks: classifiers, restsOn: basis.labels, minimumSamples: 10 },
  source: 'M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015',
  samples: scored,
  measure: expectedError,
};
