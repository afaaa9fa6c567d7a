import { BucketStore } from './bucket-store.js';

/** Answers whose truth became known in a bucket. */
export type LabelBuckets = BucketStore<'no sketch'>;

/**
 * Numbers of a label bucket. `right` counts answers that equal the truth, of any number of classes; the last three see
 * one class as positive and all others as negative.
 */
export const label = { labels: 1, right: 2, truePositives: 3, falsePositives: 4, falseNegatives: 5 } as const;

export function labelBuckets(): LabelBuckets {
  return BucketStore.plain({ sums: Object.keys(label) });
}

/** Counts one answer: into its bucket and into every sum that holds the bucket. */
export function countLabel(
  into: LabelBuckets,
  row: number,
  answer: string,
  truth: string,
  positiveClass: string,
): void {
  const { values } = into.rows;
  values[row + label.labels]!++;
  if (answer === truth) values[row + label.right]!++;
  if (answer === positiveClass) {
    values[row + (truth === positiveClass ? label.truePositives : label.falsePositives)]!++;
  } else if (truth === positiveClass) values[row + label.falseNegatives]!++;
}
