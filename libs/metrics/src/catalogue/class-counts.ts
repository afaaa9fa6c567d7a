import { classesOf, classPairs } from '../accumulators/class-confusion.js';
import type { WindowFigures } from '../metric.js';

/** How one class fared among all. */
export interface ClassCounts {
  /** Truths of the class that were answered as such. */
  readonly right: number;
  readonly answered: number;
  readonly truths: number;
}

/** The classes that were answered or true in a window, by number. */
export function classCounts(window: WindowFigures): ReadonlyMap<number, ClassCounts> {
  const counts = new Map<number, { right: number; answered: number; truths: number }>();
  const of = (index: number) => {
    let found = counts.get(index);
    if (found === undefined) counts.set(index, (found = { right: 0, answered: 0, truths: 0 }));
    return found;
  };
  window.forEachCell(classPairs, (cell, count) => {
    const [answered, truth] = classesOf(cell);
    of(answered).answered += count;
    of(truth).truths += count;
    if (answered === truth) of(truth).right += count;
  });
  return counts;
}

/** Of answers of the class, how many are right; 0 where there is none, as scikit-learn has it. */
export const precisionOf = ({ right, answered }: ClassCounts): number => (answered === 0 ? 0 : right / answered);
/** Of truths of the class, how many were answered as such; 0 where there is none. */
export const recallOf = ({ right, truths }: ClassCounts): number => (truths === 0 ? 0 : right / truths);
export const f1Of = ({ right, answered, truths }: ClassCounts): number => (2 * right) / (answered + truths);
