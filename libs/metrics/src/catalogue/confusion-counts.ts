import { labels } from '../accumulators/labels.js';
import { confusion } from '../accumulators/binary-confusion.js';
import type { WindowFigures } from '../metric.js';

/** The four cells of a binary confusion matrix. */
export interface ConfusionCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

export const truePositives = (window: WindowFigures): number => window.count(confusion.truePositives);
export const falsePositives = (window: WindowFigures): number => window.count(confusion.falsePositives);
/** Answers that were positive. */
export const answeredPositive = (window: WindowFigures): number => truePositives(window) + falsePositives(window);
/** Truths that were positive. */
export const positiveTruths = (window: WindowFigures): number =>
  truePositives(window) + window.count(confusion.falseNegatives);
/** Truths that were negative. */
export const negativeTruths = (window: WindowFigures): number => window.count(labels) - positiveTruths(window);
export const trueNegatives = (window: WindowFigures): number => negativeTruths(window) - falsePositives(window);

export function confusionOf(window: WindowFigures): ConfusionCounts {
  return {
    truePositives: truePositives(window),
    falsePositives: falsePositives(window),
    falseNegatives: window.count(confusion.falseNegatives),
    trueNegatives: trueNegatives(window),
  };
}
