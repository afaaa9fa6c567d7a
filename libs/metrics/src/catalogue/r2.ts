import { labels } from '../accumulators/labels.js';
import { residuals } from '../accumulators/residuals.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

/** 1 − Σ(answer − truth)² ÷ Σ(truth − mean truth)², without rounding before the end: the truths may lie far from 0. */
function determination(window: WindowFigures): number | undefined {
  const count = BigInt(window.count(labels));
  const { numerator: truth, denominator } = window.exact(residuals.truth);
  const spread = count * window.exact(residuals.truthSquare).numerator * denominator - truth * truth;
  if (spread <= 0n) return undefined;
  const unexplained = count * window.exact(residuals.square).numerator * denominator;
  return Number(spread - unexplained) / Number(spread);
}

export const r2: Metric = {
  ...{ name: 'r2', title: 'R²', worse: 'below', signed: true },
  meaning: 'share of the variance of truths that the answers explain; unknown where all truths are equal',
  ...{ unit: 'index', shownAs: 'number', ratio: true, tasks: ['regression'], restsOn: basis.labels },
  charted: true,
  minimumSamples: 10,
  samples: (window) => window.count(labels),
  measure: (window) => ({ value: determination(window), samples: window.count(labels) }),
};
