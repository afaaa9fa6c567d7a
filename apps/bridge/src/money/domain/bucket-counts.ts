/** Counts of closed buckets by prediction time. Plain data. */
export interface BucketCounts {
  readonly predictions: number;
  readonly labelled: number;
  readonly correct: number;
}

export const noCounts: BucketCounts = { predictions: 0, labelled: 0, correct: 0 };

export function sumOf(a: BucketCounts, b: BucketCounts): BucketCounts {
  return {
    predictions: a.predictions + b.predictions,
    labelled: a.labelled + b.labelled,
    correct: a.correct + b.correct,
  };
}

export function differenceOf(a: BucketCounts, b: BucketCounts): BucketCounts {
  return {
    predictions: a.predictions - b.predictions,
    labelled: a.labelled - b.labelled,
    correct: a.correct - b.correct,
  };
}
