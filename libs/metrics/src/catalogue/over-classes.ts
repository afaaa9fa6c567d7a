import { labels } from '../accumulators/labels.js';
import { basis, type Metric } from '../metric.js';
import { classCounts, f1Of, precisionOf, recallOf, type ClassCounts } from './class-counts.js';

/** The mean over classes, each counting alike (macro) or by its truths (weighted). */
function overClasses(
  about: Pick<Metric, 'name' | 'title' | 'meaning'> & Pick<Partial<Metric>, 'charted'>,
  of: (counts: ClassCounts) => number,
  weightOf: (counts: ClassCounts) => number,
): Metric {
  return {
    ...about,
    ...{ unit: 'ratio', shownAs: 'percent', ratio: true, worse: 'below', tasks: ['multiclass'], restsOn: basis.labels },
    minimumSamples: 10,
    samples: (window) => window.count(labels),
    measure: (window) => {
      let [sum, weights] = [0, 0];
      // By number: the same classes give the same figure, whatever came first.
      for (const [, counts] of [...classCounts(window)].sort(([a], [b]) => a - b)) {
        sum += weightOf(counts) * of(counts);
        weights += weightOf(counts);
      }
      return { value: weights === 0 ? undefined : sum / weights, samples: window.count(labels) };
    },
  };
}

const alike = (): number => 1;
const byTruths = ({ truths }: ClassCounts): number => truths;

export const macroPrecision = overClasses(
  {
    ...{ name: 'macro_precision', title: 'Macro precision' },
    meaning: 'mean of the precision of each class that was answered or true',
  },
  precisionOf,
  alike,
);

export const macroRecall = overClasses(
  {
    ...{ name: 'macro_recall', title: 'Macro recall' },
    meaning: 'mean of the recall of each class that was answered or true',
  },
  recallOf,
  alike,
);

export const macroF1 = overClasses(
  {
    ...{ name: 'macro_f1', title: 'Macro F1', charted: true },
    meaning: 'mean of the F1 of each class that was answered or true: rare classes count like others',
  },
  f1Of,
  alike,
);

export const weightedF1 = overClasses(
  {
    ...{ name: 'weighted_f1', title: 'Weighted F1' },
    meaning: 'mean of the F1 of each class, by how often it was true',
  },
  f1Of,
  byTruths,
);
