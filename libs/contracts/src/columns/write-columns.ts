import { toBinary } from '@bufbuild/protobuf';
import { delimitedSize, varintSize, type ByteSink } from '../byte-sink.js';
import { SegmentSetSchema, type FeatureSet, type PredictionColumns } from '../gen/moola/v1/rows_pb.js';

const delimited = 2;

/** A field: bytes, or the parts of a message. */
interface Part {
  readonly tag: number;
  readonly content: Uint8Array | Parts;
}

/**
 * A message of byte fields, ready to be written. The generated writer copies every column three times; columns are most of
 * what this system writes.
 */
export class Parts {
  private readonly parts: Part[] = [];
  /** Bytes of the message. */
  size = 0;

  /** @param bytes of the field; an empty one is left out, as proto3 does */
  add(field: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.addEven(field, bytes);
  }

  /** A message's bytes: an empty one is written as well. */
  addEven(field: number, bytes: Uint8Array): void {
    this.push(field, bytes, bytes.length);
  }

  addParts(field: number, message: Parts): void {
    this.push(field, message, message.size);
  }

  /** Writes them, without a length before them. */
  writeTo(sink: ByteSink): void {
    for (const { tag, content } of this.parts) {
      if (content instanceof Parts) {
        sink.varint(tag);
        sink.varint(content.size);
        content.writeTo(sink);
      } else sink.delimited(tag, content);
    }
  }

  private push(field: number, content: Uint8Array | Parts, length: number): void {
    const tag = field * 8 + delimited;
    this.parts.push({ tag, content });
    this.size += varintSize(tag) - 1 + delimitedSize(length);
  }
}

export function predictionParts(columns: PredictionColumns): Parts {
  const parts = new Parts();
  parts.add(1, columns.ids);
  parts.add(2, columns.sources);
  parts.add(3, columns.models);
  parts.add(4, columns.versions);
  parts.add(5, columns.builds);
  parts.add(6, columns.roles);
  parts.add(7, columns.inputs);
  parts.add(8, columns.timesMs);
  parts.add(9, columns.classes);
  parts.add(10, columns.scores);
  parts.add(11, columns.latenciesMs);
  parts.add(12, columns.costsUsd);
  parts.add(13, columns.values);
  parts.add(14, columns.errors);
  parts.add(15, columns.segments);
  for (const set of columns.segmentsDictionary) parts.addEven(16, toBinary(SegmentSetSchema, set));
  parts.add(17, columns.arms);
  for (const set of columns.features) parts.addEven(18, featureSetBytes(set));
  return parts;
}

const rowTag = 0x08;
const featureTag = 0x12;
const keyTag = 0x0a;
const valueTag = 0x11;

/** A key has at most 384 bytes, so that its entry's length takes two. */
function featureSetBytes({ row, features }: FeatureSet): Buffer {
  const keys = Object.keys(features);
  let bound = 6;
  for (const key of keys) bound += key.length * 3 + 20;
  const bytes = Buffer.allocUnsafe(bound);
  let at = 0;
  if (row > 0) {
    bytes[at++] = rowTag;
    at = writeVarint(bytes, at, row);
  }
  for (const key of keys) {
    const length = Buffer.byteLength(key);
    bytes[at++] = featureTag;
    at = writeVarint(bytes, at, delimitedSize(length) + 9);
    bytes[at++] = keyTag;
    at = writeVarint(bytes, at, length);
    at += bytes.write(key, at);
    bytes[at++] = valueTag;
    at = bytes.writeDoubleLE(features[key] as number, at);
  }
  return bytes.subarray(0, at);
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}
