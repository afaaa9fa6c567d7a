import type { LabelAccumulator, ScoreAccumulator, TrafficAccumulator } from './accumulator.js';
import { binaryConfusionAccumulator } from './accumulators/binary-confusion.js';
import { classConfusionAccumulator } from './accumulators/class-confusion.js';
import { costAccumulator } from './accumulators/cost.js';
import { labelCoverageAccumulator } from './accumulators/label-coverage.js';
import { labelDelayAccumulator } from './accumulators/label-delay.js';
import { labelsAccumulator } from './accumulators/labels.js';
import { latencyAccumulator } from './accumulators/latency.js';
import { residualCountsAccumulator } from './accumulators/residual-counts.js';
import { residualsAccumulator } from './accumulators/residuals.js';
import { rightAnswersAccumulator } from './accumulators/right-answers.js';
import { scoresAccumulator } from './accumulators/scores.js';
import { volumeAccumulator } from './accumulators/volume.js';
import type { TaskType } from './task-type.js';

/** Every kind of sum over labels, by id. */
export const labelAccumulators: readonly LabelAccumulator[] = [
  labelsAccumulator,
  rightAnswersAccumulator,
  binaryConfusionAccumulator,
  residualsAccumulator,
  classConfusionAccumulator,
  labelDelayAccumulator,
  residualCountsAccumulator,
];

/** Every kind of sum over labels with a score, by id. */
export const scoreAccumulators: readonly ScoreAccumulator[] = [scoresAccumulator];

/** Every kind of sum over predictions, by id. */
export const trafficAccumulators: readonly TrafficAccumulator[] = [
  volumeAccumulator,
  costAccumulator,
  latencyAccumulator,
  labelCoverageAccumulator,
];

/** What models of a task need, in the order in which it is kept. */
export function accumulatorsOf<A extends { readonly tasks: readonly TaskType[] }>(
  all: readonly A[],
  task: TaskType,
): readonly A[] {
  return all.filter(({ tasks }) => tasks.includes(task));
}
