import { labels } from '../accumulators/labels.js';
import { residuals } from '../accumulators/residuals.js';
import type { Field } from '../accumulator.js';
import { dividedBy, minus, numberOf, ratioOf, times, type Fraction } from '../fraction.js';
import { basis, type Metric, type WindowFigures } from '../metric.js';

/** The mean of a sum over labels. Its whole is positive. */
function meanOf(window: WindowFigures, sum: Field<'exact'>): Fraction {
  return dividedBy(window.exact(sum), ratioOf(window.count(labels), 1));
}

/** A mean over residuals, in the unit of what the model answers. */
export function meanResidual(
  about: Pick<Metric, 'name' | 'title' | 'meaning' | 'worse'> & Pick<Partial<Metric>, 'signed'>,
  sum: Field<'exact'>,
): Metric {
  const samples = (window: WindowFigures): number => window.count(labels);
  const exactly = (window: WindowFigures): Fraction | undefined =>
    samples(window) === 0 ? undefined : meanOf(window, sum);
  return {
    ...about,
    ...{ unit: 'value', shownAs: 'number', ratio: false, tasks: ['regression'], restsOn: basis.labels },
    ...{ charted: true, minimumSamples: 10, dependence: 'declared', samples, exactly },
    measure: (window) => {
      const mean = exactly(window);
      return { value: mean && numberOf(mean), samples: samples(window) };
    },
    // Of the sample: n ÷ (n − 1) times the mean square less the square of the mean.
    variance: (window) => {
      const count = samples(window);
      if (count < 2) return undefined;
      const mean = meanOf(window, sum);
      return (numberOf(minus(meanOf(window, residuals.square), times(mean, mean))) * count) / (count - 1);
    },
  };
}
