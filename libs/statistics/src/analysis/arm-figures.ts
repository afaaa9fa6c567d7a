import type { Estimate } from '../arms/estimate.js';
import type { PairMoments } from '../arms/moments.js';

/** What an arm says of a metric. */
export interface ArmFigure {
  readonly estimate: Estimate;
  /** Of a proportion of independent units. */
  readonly successes: number | null;
  /** Of a mean with a covariate from before: x the outcome, y the covariate. */
  readonly covariate: PairMoments | null;
}

/** An arm as it was seen. */
export interface ArmFigures {
  readonly arm: string;
  /** Units assigned to it, whether their outcome is known or not. */
  readonly units: number;
  /** In the order of the plan's metrics. */
  readonly metrics: readonly ArmFigure[];
}
