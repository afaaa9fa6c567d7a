import type { CountedLabel, CountedPrediction } from '@moola/metrics/accumulator';
import { accumulatorsOf, labelAccumulators, trafficAccumulators } from '@moola/metrics/accumulators';
import { confusion } from '@moola/metrics/accumulators/binary-confusion';
import { cost } from '@moola/metrics/accumulators/cost';
import { labels } from '@moola/metrics/accumulators/labels';
import { right } from '@moola/metrics/accumulators/right-answers';
import { volume } from '@moola/metrics/accumulators/volume';
import { AccumulatedBuckets } from '../accumulated-buckets.js';
import { SketchCells } from '../sketch-cells.js';

export type LabelBuckets = AccumulatedBuckets<CountedLabel>;
export type TrafficBuckets = AccumulatedBuckets<CountedPrediction>;

/** Buckets of labels as a binary model has them. */
export function labelBuckets(): LabelBuckets {
  return new AccumulatedBuckets(labelAccumulators, accumulatorsOf(labelAccumulators, 'binary'), new SketchCells());
}

export function trafficBuckets(cells: SketchCells): TrafficBuckets {
  return new AccumulatedBuckets(trafficAccumulators, accumulatorsOf(trafficAccumulators, 'binary'), cells);
}

const [labelled, answered] = [labelBuckets(), trafficBuckets(new SketchCells())];

/** Where their numbers stand. */
export const label = {
  labels: labelled.placeOf(labels),
  right: labelled.placeOf(right),
  truePositives: labelled.placeOf(confusion.truePositives),
  falsePositives: labelled.placeOf(confusion.falsePositives),
  falseNegatives: labelled.placeOf(confusion.falseNegatives),
} as const;

export const traffic = {
  predictions: answered.placeOf(volume.predictions),
  errors: answered.placeOf(volume.errors),
  priced: answered.placeOf(cost.priced),
  costUnits: answered.placeOf(cost.costUnits),
} as const;

const row = new Float64Array(1);

export function countLabel(into: LabelBuckets, to: number, answer: string, truth: string, positiveClass: string): void {
  row[0] = to;
  into.count(
    row,
    1,
    {
      class: answer,
      truth,
      value: NaN,
      truthValue: NaN,
      score: NaN,
      probabilities: {},
      predictedAtMs: 0,
      knownAtMs: 0,
    },
    { task: 'binary', positiveClass, classIndex: () => 0 },
  );
}

export function countPrediction(
  into: TrafficBuckets,
  to: number,
  failed: 0 | 1,
  latencyMs: number,
  costUsd: number,
): void {
  row[0] = to;
  into.count(
    row,
    1,
    { error: failed === 1 ? 'failed' : '', latencyMs, costUsd },
    { task: 'binary', positiveClass: '', classIndex: () => 0 },
  );
}
