import type { Field } from '../accumulator.js';
import { scores } from '../accumulators/scores.js';
import { dividedBy, numberOf, ratioOf } from '../fraction.js';
import { basis, type Metric } from '../metric.js';
import { classifiers } from '../task-type.js';

/** A mean over labels whose prediction says how probable each class was. */
function scoreMean(
  about: Pick<Metric, 'name' | 'title' | 'meaning' | 'ratio' | 'source'>,
  sum: Field<'exact'>,
): Metric {
  return {
    ...about,
    ...{
      unit: 'index',
      shownAs: 'number',
      worse: 'above',
      tasks: classifiers,
      restsOn: basis.labels,
      minimumSamples: 10,
    },
    samples: (window) => window.count(scores.count),
    measure: (window) => {
      const samples = window.count(scores.count);
      if (samples === 0) return { value: undefined, samples };
      return { value: numberOf(dividedBy(window.exact(sum), ratioOf(samples, 1))), samples };
    },
  };
}

export const brierScore = scoreMean(
  {
    ...{ name: 'brier_score', title: 'Brier score', ratio: true },
    meaning:
      'mean of (score − truth)², the truth being 1 or 0: 0 is perfect, 0.25 is a coin; of several classes the sum of that over their probabilities, 2 at worst',
    source: 'G. W. Brier, Monthly Weather Review 78 (1950)',
  },
  scores.square,
);

export const logLoss = scoreMean(
  {
    ...{ name: 'log_loss', title: 'Log loss', ratio: false, source: 'I. J. Good, JRSS B 14 (1952)' },
    meaning: 'mean of −ln of the probability that was given to what was true',
  },
  scores.surprise,
);
