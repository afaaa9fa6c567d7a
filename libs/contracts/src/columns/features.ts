import { fromBinary } from '@bufbuild/protobuf';
import { ByteSink } from '../byte-sink.js';
import { FeatureSetSchema } from '../gen/moola/v1/rows_pb.js';
import { entryTag } from '../telemetry-tags.js';
import { MessagesWriter } from './messages-writer.js';
import { isEmpty } from './segments.js';
import type { Parts } from './write-columns.js';

export type Features = Readonly<Record<string, number>>;

/** Most rows have no features: they share this. */
export const noFeatures: Features = Object.freeze({});

/** Features of the rows that have some, a message `FeatureSet` each. */
export class FeaturesWriter {
  private readonly sets = new MessagesWriter();

  /** About so many bytes, and hardly ever more. */
  get bytes(): number {
    return this.sets.bytes;
  }

  add(row: number, features: Features): void {
    if (features !== noFeatures && !isEmpty(features)) this.sets.add(featureSetBytes(row, features));
  }

  /** Adds them to a message, as its repeated field. */
  addTo(parts: Parts, field: number): void {
    this.sets.addTo(parts, field);
  }

  /** Begins anew. */
  clear(): void {
    this.sets.clear();
  }
}

/** The features of a record's rows. */
export class FeaturesReader {
  private readonly byRow: ReadonlyMap<number, Features> | null;

  /** @param sets a message `FeatureSet` each */
  constructor(sets: readonly Uint8Array[]) {
    const features = sets.map((bytes) => fromBinary(FeatureSetSchema, bytes));
    this.byRow = features.length === 0 ? null : new Map(features.map((set) => [set.row, set.features]));
  }

  of(row: number): Features {
    return this.byRow?.get(row) ?? noFeatures;
  }
}

const rowTag = 0x08;
const featureTag = 0x12;
/** Written to again and again. */
const sink = new ByteSink();

/** The message `FeatureSet`. */
function featureSetBytes(row: number, features: Features): Uint8Array {
  if (row > 0) sink.unsigned(rowTag, row);
  for (const key of Object.keys(features)) {
    const opened = sink.open(featureTag);
    sink.text(entryTag.key, key);
    sink.double(entryTag.number, features[key] as number);
    sink.close(opened);
  }
  return sink.take();
}
