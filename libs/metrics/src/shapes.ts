import type { Field } from './accumulator.js';
import { basis, type Measured, type Metric, type WindowFigures } from './metric.js';
import { labelledTasks, taskTypes } from './task-type.js';

/** What kinds of metrics have in common. */
type Count = (window: WindowFigures) => number;
type About<Given extends keyof Metric> = Omit<Metric, Given | 'minimumSamples'> & { readonly minimumSamples?: number };

export const counting =
  (field: Field<'count'>): Count =>
  (window) =>
    window.count(field);

/** Part ÷ whole; no value where the whole is 0. */
export function share(part: number, whole: number): Measured {
  return { value: whole === 0 ? undefined : part / whole, samples: whole };
}

/** A share of counts: exact, with an interval. */
export function proportion(
  about: About<'unit' | 'shownAs' | 'ratio' | 'samples' | 'measure' | 'counts'>,
  part: Count,
  whole: Count,
): Metric {
  return {
    minimumSamples: 1,
    ...about,
    ...{ unit: 'ratio', shownAs: 'percent', ratio: true, samples: whole },
    measure: (window) => share(part(window), whole(window)),
    counts: (window) => [part(window), whole(window)],
  };
}

/** A count, known even when nothing was counted. */
export function tally(
  about: Pick<Metric, 'name' | 'title' | 'meaning' | 'restsOn'> & Partial<Pick<Metric, 'tasks'>>,
  count: Count,
): Metric {
  return {
    tasks: about.restsOn === basis.traffic ? taskTypes : labelledTasks,
    ...about,
    ...{ unit: 'count', shownAs: 'number', ratio: false, worse: null, minimumSamples: 0, samples: count },
    measure: (window) => ({ value: count(window), samples: count(window) }),
  };
}
