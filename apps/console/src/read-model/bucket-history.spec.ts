import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { BucketSnapshotSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { BucketHistory } from './bucket-history.js';

const minute = 60_000;

function take(history: BucketHistory, startMs: number, labelled: number, correct: number): void {
  const role = Role.PRIMARY;
  const value = { version: 'v1', role, startMs, lengthMs: minute, predictions: labelled, labelled, correct };
  history.take(create(BucketSnapshotSchema, value));
}

describe('the history by prediction time', () => {
  it('adds minutes up to few points when the span is long, and loses no label', () => {
    const history = new BucketHistory();
    const minutes = 31 * 24 * 60;
    for (let index = 0; index < minutes; index++) take(history, index * minute, 10, index % 2 === 0 ? 10 : 5);
    const read = history.read('accuracy');
    expect(read?.bucketMs).toBe(120 * minute);
    expect(read?.points).toHaveLength(31 * 12);
    expect(read?.points.reduce((sum, { samples }) => sum + samples, 0)).toBe(minutes * 10);
    expect(new Set(read?.points.map(({ value }) => value))).toEqual(new Set([0.75]));
  });

  it('forgets the oldest minute when there are more than 31 days', () => {
    const history = new BucketHistory();
    for (let index = 0; index <= 31 * 24 * 60; index++) take(history, index * minute, 1, 1);
    expect(history.oldestMs('accuracy')).toBe(minute);
  });

  it('has no point where nothing is known', () => {
    const history = new BucketHistory();
    take(history, 0, 0, 0);
    take(history, minute, 4, 1);
    expect(history.read('accuracy')?.points).toMatchObject([{ atMs: 2 * minute, value: 0.25 }]);
    expect(history.read('recall')).toBeNull();
  });
});
