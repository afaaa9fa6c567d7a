import { fromBinary } from '@bufbuild/protobuf';
import { ByteSink } from '../byte-sink.js';
import { FeatureSetSchema } from '../gen/moola/v1/rows_pb.js';
import { entryTag } from '../telemetry-tags.js';
import { MessagesWriter } from './messages-writer.js';
import { isEmpty } from './segments.js';
import type { Parts } from './write-columns.js';

/** Numbers by name: features, or the probabilities of classes. */
export type NamedNumbers = Readonly<Record<string, number>>;

/** Most rows have none: they share this. */
export const noNumbers: NamedNumbers = Object.freeze({});

/** Those of the rows that have some, a message like `FeatureSet` each. */
export class NamedNumbersWriter {
  private readonly sets = new MessagesWriter();

  /** About so many bytes, and hardly ever more. */
  get bytes(): number {
    return this.sets.bytes;
  }

  add(row: number, numbers: NamedNumbers): void {
    if (numbers !== noNumbers && !isEmpty(numbers)) this.sets.add(setBytes(row, numbers));
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

/** Those of a record's rows. */
export class NamedNumbersReader {
  private readonly byRow: ReadonlyMap<number, NamedNumbers> | null;

  /** @param sets a message like `FeatureSet` each */
  constructor(sets: readonly Uint8Array[]) {
    const read = sets.map((bytes) => fromBinary(FeatureSetSchema, bytes));
    this.byRow = read.length === 0 ? null : new Map(read.map((set) => [set.row, set.features]));
  }

  of(row: number): NamedNumbers {
    return this.byRow?.get(row) ?? noNumbers;
  }
}

const rowTag = 0x08;
const numberTag = 0x12;
/** Written to again and again. */
const sink = new ByteSink();

/** A message like `FeatureSet`: `ProbabilitySet` has the same fields. */
function setBytes(row: number, numbers: NamedNumbers): Uint8Array {
  if (row > 0) sink.unsigned(rowTag, row);
  for (const key of Object.keys(numbers)) {
    const opened = sink.open(numberTag);
    sink.text(entryTag.key, key);
    sink.double(entryTag.number, numbers[key] as number);
    sink.close(opened);
  }
  return sink.take();
}
