import { betaLowerTail, betaUpperTail, logBeta } from '../beta.js';
import { normalCdf, normalDensity } from '../normal.js';
import { integral } from '../quadrature.js';

/** What is believed of an arm's figure. */
export interface Posterior {
  readonly mean: number;
  readonly deviation: number;
  /** All that it may be. */
  readonly range: readonly [number, number];
  density(x: number): number;
  below(x: number): number;
  above(x: number): number;
}

/** Of a proportion, from a beta prior: uniform unless told otherwise. */
export function betaPosterior(successes: number, samples: number, priorA = 1, priorB = 1): Posterior {
  const a = priorA + successes;
  const b = priorB + samples - successes;
  const constant = logBeta(a, b);
  return {
    mean: a / (a + b),
    deviation: Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1))),
    range: [0, 1],
    density: (x) => Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - constant),
    below: (x) => betaLowerTail(x, a, b),
    above: (x) => betaUpperTail(x, a, b),
  };
}

/** Of a mean with a standard error, from a flat prior. */
export function normalPosterior(mean: number, deviation: number): Posterior {
  return {
    mean,
    deviation,
    range: [-Infinity, Infinity],
    density: (x) => normalDensity((x - mean) / deviation) / deviation,
    below: (x) => normalCdf((x - mean) / deviation),
    above: (x) => normalCdf((mean - x) / deviation),
  };
}

/** For each arm, the probability that its figure is the largest. */
export function probabilitiesToBeBest(arms: readonly Posterior[]): number[] {
  return arms.map((arm, i) =>
    overlap([arm], (x) =>
      arms.reduce((product, other, j) => (j === i ? product : product * other.below(x)), arm.density(x)),
    ),
  );
}

/** What is lost on average by taking an arm where another may be larger: E[max(0, other − taken)]. */
export function expectedLoss(taken: Posterior, other: Posterior): number {
  return overlap([taken, other], (x) => taken.below(x) * other.above(x));
}

/** The same of two normal posteriors, by the difference alone: it holds at any distance. */
export function normalLoss(difference: number, deviation: number): number {
  const z = difference / deviation;
  // Far out the two terms cancel each other; Mills' ratio does not.
  if (z > 12)
    return deviation * (normalDensity(z) / (z * z)) * (1 - 3 / z ** 2 + 15 / z ** 4 - 105 / z ** 6 + 945 / z ** 8);
  return deviation * normalDensity(z) - difference * normalCdf(-z);
}

/** Over all that lies within 14 deviations of any of them. */
function overlap(arms: readonly Posterior[], f: (x: number) => number): number {
  const low = Math.max(
    ...arms.map(({ range }) => range[0]),
    Math.min(...arms.map((arm) => arm.mean - 14 * arm.deviation)),
  );
  const high = Math.min(
    ...arms.map(({ range }) => range[1]),
    Math.max(...arms.map((arm) => arm.mean + 14 * arm.deviation)),
  );
  const narrowest = Math.min(...arms.map(({ deviation }) => deviation));
  const panels = Math.min(2000, Math.max(40, Math.ceil((high - low) / narrowest)));
  return integral(f, low, high, panels);
}
