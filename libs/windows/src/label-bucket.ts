import type { Bucket, BucketKind } from './bucket-kind.js';

/**
 * Answers whose truth became known in a bucket. `right` counts answers that equal the truth, of any number of classes;
 * the other counts see one class as positive and all others as negative.
 */
export interface LabelCounts {
  labels: number;
  right: number;
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

export interface LabelBucket extends Bucket, LabelCounts {}

/** Counts one answer: into its bucket and into every sum that holds the bucket. */
export function countLabel(into: LabelCounts, answer: string, truth: string, positiveClass: string): void {
  into.labels++;
  if (answer === truth) into.right++;
  if (answer === positiveClass) {
    if (truth === positiveClass) into.truePositives++;
    else into.falsePositives++;
  } else if (truth === positiveClass) into.falseNegatives++;
}

function create(index: number): LabelBucket {
  return { index, labels: 0, right: 0, truePositives: 0, falsePositives: 0, falseNegatives: 0 };
}

export const labelBuckets: BucketKind<LabelBucket> = {
  create,
  empty: create(0),
  add(total, bucket) {
    total.labels += bucket.labels;
    total.right += bucket.right;
    total.truePositives += bucket.truePositives;
    total.falsePositives += bucket.falsePositives;
    total.falseNegatives += bucket.falseNegatives;
  },
  subtract(total, bucket) {
    total.labels -= bucket.labels;
    total.right -= bucket.right;
    total.truePositives -= bucket.truePositives;
    total.falsePositives -= bucket.falsePositives;
    total.falseNegatives -= bucket.falseNegatives;
  },
  write(bucket, writer) {
    writer.number(bucket.labels);
    writer.number(bucket.right);
    writer.number(bucket.truePositives);
    writer.number(bucket.falsePositives);
    writer.number(bucket.falseNegatives);
  },
  read: (index, reader) => ({
    index,
    labels: reader.number(),
    right: reader.number(),
    truePositives: reader.number(),
    falsePositives: reader.number(),
    falseNegatives: reader.number(),
  }),
};
