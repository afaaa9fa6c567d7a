import { field, type LabelAccumulator } from '../accumulator.js';

/** So many classes of a model are told apart; the last stands for all others. */
export const mostClasses = 200;
/** The class that stands for all others. */
export const otherClasses = mostClasses - 1;

/** Answered and true class as one cell: `cellOf`. */
export const classPairs = field('labels', 'cells', 'classPairs');

export function cellOf(answered: number, truth: number): number {
  return answered * mostClasses + truth;
}

export function classesOf(cell: number): readonly [answered: number, truth: number] {
  return [Math.floor(cell / mostClasses), cell % mostClasses];
}

/** Answers against truths of several classes. */
export const classConfusionAccumulator: LabelAccumulator = {
  ...{ id: 7, name: 'class confusion', feed: 'labels', tasks: ['multiclass'] },
  fields: [classPairs],
  counter: (placeOf) => {
    const place = placeOf(classPairs);
    return (sums, row, { class: answer, truth }, model) => {
      sums.addCell(row, place, cellOf(model.classIndex(answer), model.classIndex(truth)));
    };
  },
};
