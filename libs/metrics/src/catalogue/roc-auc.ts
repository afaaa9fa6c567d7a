import { scoreOfCell, scores } from '../accumulators/scores.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

/** Counts of scores by step. */
function countsBySteps(window: WindowFigures): ReadonlyMap<number, readonly [negatives: number, positives: number]> {
  const counts = new Map<number, [number, number]>();
  window.forEachCell(scores.bins, (cell, count) => {
    const [step, positive] = scoreOfCell(cell);
    let found = counts.get(step);
    if (found === undefined) counts.set(step, (found = [0, 0]));
    found[positive ? 1 : 0] += count;
  });
  return counts;
}

/** The share of pairs, one positive and one negative, in which the positive one has the higher score; ties count half. */
function area(window: WindowFigures): number | undefined {
  const steps = [...countsBySteps(window)].sort(([a], [b]) => a - b);
  let [below, won, positives] = [0, 0, 0];
  for (const [, [negative, positive]] of steps) {
    won += positive * (below + negative / 2);
    below += negative;
    positives += positive;
  }
  return positives === 0 || below === 0 ? undefined : won / (positives * below);
}

export const rocAuc: Metric = {
  ...{ name: 'roc_auc', title: 'ROC AUC', worse: 'below' },
  meaning:
    'probability that a positive has a higher score than a negative; scores are told apart by a thousandth; unknown without both classes',
  ...{ unit: 'ratio', shownAs: 'number', ratio: true, tasks: ['binary'], restsOn: basis.labels, minimumSamples: 10 },
  source: 'J. A. Hanley and B. J. McNeil, Radiology 143 (1982)',
  samples: (window) => window.count(scores.count),
  measure: (window) => ({ value: area(window), samples: window.count(scores.count) }),
};
