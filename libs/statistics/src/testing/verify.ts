import { mulberry32 } from '@moola/contracts/mulberry32';
import { planDefaults } from '../analysis/plan.js';
import { differenceOf, type Difference } from '../arms/difference.js';
import { meanEstimate, proportionEstimate, ratioEstimate, type Estimate } from '../arms/estimate.js';
import { anytimePValue, sequenceHalfWidth } from '../confidence-sequence.js';
import { adjustedPValues } from '../false-discovery.js';
import { normalQuantile } from '../normal.js';
import { constantBoundaries } from '../sequential/group-sequential.js';
import { differenceTest } from '../tests/means.js';

/** Uniform in (0, 1), and normal; the same for a seed. */
export class Draws {
  private readonly whole: () => number;
  private spare = NaN;

  constructor(seed: number) {
    this.whole = mulberry32(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b));
  }

  uniform(): number {
    return (this.whole() + 0.5) / 2 ** 32;
  }

  /** Marsaglia's polar method. */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = NaN;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = y * factor;
      return x * factor;
    }
  }
}

/** Units of one arm, of which more come at every look. */
export interface SimulatedArm {
  /** One more unit. */
  add(draws: Draws): void;
  estimate(): Estimate;
}

/** What units are like. */
export interface Scenario {
  readonly name: string;
  /** @param effect added to the mean of the arm */
  arm(effect: number): SimulatedArm;
  /** The mean without effect, for coverage. */
  readonly truth: number;
  /** A standard deviation of a unit. */
  readonly deviation: number;
}

function proportion(p: number): Scenario {
  return {
    name: `a proportion of ${p}`,
    truth: p,
    deviation: Math.sqrt(p * (1 - p)),
    arm(effect) {
      let [successes, samples] = [0, 0];
      return {
        add(draws) {
          samples++;
          if (draws.uniform() < p + effect) successes++;
        },
        estimate: () => proportionEstimate(successes, samples),
      };
    },
  };
}

/** Welford's mean and deviations. */
function mean(name: string, truth: number, deviation: number, draw: (draws: Draws) => number): Scenario {
  return {
    ...{ name, truth, deviation },
    arm(effect) {
      let [count, average, deviations] = [0, 0, 0];
      return {
        add(draws) {
          const value = draw(draws) + effect;
          count++;
          const difference = value - average;
          average += difference / count;
          deviations += difference * (value - average);
        },
        estimate: () => meanEstimate({ count, mean: average, deviations }),
      };
    },
  };
}

/** Units with one to five rows that are alike: the mean of rows, robust to clusters, or as if rows were independent. */
function clusters(name: string, isRobust: boolean): Scenario {
  return {
    ...{ name, truth: 0, deviation: 1 },
    arm(effect) {
      let [n, x, y, xx, yy, xy, rows, squares] = [0, 0, 0, 0, 0, 0, 0, 0];
      return {
        add(draws) {
          const own = draws.normal();
          const count = 1 + Math.floor(5 * draws.uniform());
          let sum = 0;
          for (let i = 0; i < count; i++) {
            const value = effect + own + draws.normal() / 2;
            sum += value;
            squares += value * value;
          }
          n++;
          rows += count;
          x += sum;
          y += count;
          xx += sum * sum;
          yy += count * count;
          xy += sum * count;
        },
        estimate: () =>
          isRobust
            ? ratioEstimate({
                ...{ count: n, meanX: x / n, meanY: y / n },
                ...{ deviationsX: xx - (x * x) / n, deviationsY: yy - (y * y) / n, products: xy - (x * y) / n },
              })
            : meanEstimate({ count: rows, mean: x / rows, deviations: squares - (x * x) / rows }),
      };
    },
  };
}

export const scenarios: readonly Scenario[] = [
  proportion(0.1),
  proportion(0.01),
  mean('a normal mean', 0, 1, (draws) => draws.normal()),
  mean('an exponential mean', 1, 1, (draws) => -Math.log(draws.uniform())),
  clusters('clusters, robust', true),
];

/** For the record: dependence that is left out. */
export const careless: Scenario = clusters('clusters, taken for independent rows', false);

export interface Looks {
  readonly count: number;
  /** Units that come to each arm between two looks. */
  readonly unitsEach: number;
}

/** How one experiment ended, by each way to decide. */
export interface Ending {
  /** Units an arm when it was first sure; `null`: it never was. */
  readonly anytime: number | null;
  /** The same of the fixed test, looked at as often: what peeking does. */
  readonly peeking: number | null;
  /** Of the fixed test at the end alone. */
  readonly fixed: boolean;
  /** Of O'Brien and Fleming's five looks. */
  readonly group: number | null;
  /** Whether the always-valid interval held the truth at every look, and the fixed one at the last. */
  readonly anytimeCovers: boolean;
  readonly fixedCovers: boolean;
}

const alpha = planDefaults.alpha;
const groupLooks = 5;
const boundaries = constantBoundaries(
  Array.from({ length: groupLooks }, (_, k) => (k + 1) / groupLooks),
  alpha,
  'obrienFleming',
);
const critical = -normalQuantile(alpha / 2);

/** Runs an experiment to its last look. */
export function runExperiment(scenario: Scenario, effect: number, looks: Looks, seed: number): Ending {
  const draws = new Draws(seed);
  const [control, treatment] = [scenario.arm(0), scenario.arm(effect)];
  const sequence = { alpha, tunedFor: planDefaults.tunedFor };
  let anytime: number | null = null;
  let peeking: number | null = null;
  let group: number | null = null;
  let anytimeCovers = true;
  let last: Difference | null = null;
  for (let look = 1; look <= looks.count; look++) {
    for (let i = 0; i < looks.unitsEach; i++) {
      control.add(draws);
      treatment.add(draws);
    }
    const units = look * looks.unitsEach;
    if (units < planDefaults.minUnits) continue;
    const difference = differenceOf(control.estimate(), treatment.estimate());
    last = difference;
    const { absolute, standardError, samples } = difference;
    if (!(standardError > 0)) continue;
    if (anytime === null && anytimePValue(absolute, standardError, samples, sequence) <= alpha) anytime = units;
    if (Math.abs(absolute - effect) > sequenceHalfWidth(standardError, samples, sequence)) anytimeCovers = false;
    const z = Math.abs(absolute) / standardError;
    if (peeking === null && z >= critical) peeking = units;
    const at = (look * groupLooks) / looks.count;
    if (group === null && Number.isInteger(at) && z >= (boundaries[at - 1] ?? Infinity)) group = units;
  }
  const test = last === null ? null : differenceTest(last);
  const centred = last === null ? null : differenceTest({ ...last, absolute: last.absolute - effect });
  return {
    ...{ anytime, peeking, group, anytimeCovers },
    fixed: test !== null && test.p <= alpha,
    fixedCovers: centred === null || centred.p > alpha,
  };
}

/** The share of false discoveries of Benjamini and Hochberg at level α: of so many tests some have an effect of three errors. */
export function falseDiscoveries(tests: number, withEffect: number, seed: number): { share: number; found: number } {
  const draws = new Draws(seed);
  const ps = Array.from({ length: tests }, (_, i) => {
    const z = draws.normal() + (i < withEffect ? 3 : 0);
    return (
      differenceTest({ absolute: z, standardError: 1, relative: null, relativeError: null, freedom: null, samples: 2 })
        ?.p ?? 1
    );
  });
  const found = adjustedPValues(ps).map((p) => p <= alpha);
  const all = found.filter(Boolean).length;
  const wrong = found.slice(withEffect).filter(Boolean).length;
  return { share: all === 0 ? 0 : wrong / all, found: all };
}

/** So many of `runs` are at most believed to be a rate of `rate`, with 99 %. */
export function mostBelieved(runs: number, rate: number): number {
  return Math.floor(runs * rate + normalQuantile(0.99) * Math.sqrt(runs * rate * (1 - rate)));
}
