import type { ByteSink } from '../byte-sink.js';
import type { BucketSnapshot, IngestionCounts } from '../gen/moola/v1/snapshots_pb.js';
import { doubleSize, isZero, textSize, unsignedSize } from './sizes.js';
import { utf8 } from './texts.js';

type DoubleField<M> = readonly [tag: number, name: keyof M];

const countFields: readonly DoubleField<IngestionCounts>[] = [
  [0x09, 'predictions'],
  [0x11, 'outcomes'],
  [0x19, 'labelled'],
  [0x21, 'duplicates'],
  [0x29, 'orphans'],
  [0x31, 'tooLate'],
  [0x39, 'beyondBuckets'],
];

const versionTag = 0x0a;
/** Fields of `BucketSnapshot` after its version, in the order of their numbers. */
const bucketFields: readonly DoubleField<BucketSnapshot>[] = [
  [0x10, 'role'],
  [0x19, 'startMs'],
  [0x21, 'lengthMs'],
  [0x28, 'revision'],
  [0x30, 'predictions'],
  [0x38, 'errors'],
  [0x40, 'labelled'],
  [0x48, 'correct'],
  [0x51, 'costUsd'],
  [0x59, 'latencySumMs'],
  [0x60, 'latencyCount'],
  [0x69, 'life'],
];

export function countsSize(counts: IngestionCounts): number {
  return numbersSize(counts, countFields);
}

export function writeCounts(sink: ByteSink, counts: IngestionCounts): void {
  writeNumbers(sink, counts, countFields);
}

export function bucketSize(bucket: BucketSnapshot): number {
  return textSize(utf8(bucket.version)) + numbersSize(bucket, bucketFields);
}

export function writeBucket(sink: ByteSink, bucket: BucketSnapshot): void {
  const version = utf8(bucket.version);
  if (version.length > 0) sink.delimited(versionTag, version);
  writeNumbers(sink, bucket, bucketFields);
}

/** The wire type of a tag: 0 for a varint, 1 for a double. */
function isDouble(tag: number): boolean {
  return (tag & 7) === 1;
}

function numbersSize<M>(message: M, fields: readonly DoubleField<M>[]): number {
  let size = 0;
  for (const [tag, name] of fields) {
    const value = message[name] as number;
    size += isDouble(tag) ? doubleSize(value) : unsignedSize(value);
  }
  return size;
}

function writeNumbers<M>(sink: ByteSink, message: M, fields: readonly DoubleField<M>[]): void {
  for (const [tag, name] of fields) {
    const value = message[name] as number;
    if (isDouble(tag)) {
      if (!isZero(value)) sink.double(tag, value);
    } else if (value !== 0) sink.unsigned(tag, value);
  }
}
