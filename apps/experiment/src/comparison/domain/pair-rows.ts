import { create } from '@bufbuild/protobuf';
import { PairRowSchema, type PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import type { Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PairBucket } from './pair-series.js';

/** Of which pair a bucket is, when it ends, and which life of the task counts its revisions. */
export interface BucketOrigin {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  readonly endMs: number;
  readonly life: number;
}

/** The row of `pairs` that says what a bucket counts at a tick. */
export function bucketRow(atMs: number, bucket: PairBucket, { model, ...origin }: BucketOrigin): PairRow {
  const { startMs, revision, published } = bucket;
  const value = { ...origin, startMs, revision, ...published };
  return create(PairRowSchema, { atMs, model, kind: { case: 'bucket', value } });
}

/** The row of `pairs` that passes on which version serves. */
export function deploymentRow(atMs: number, deployment: Deployment): PairRow {
  return create(PairRowSchema, { atMs, model: deployment.model, kind: { case: 'deployment', value: deployment } });
}
