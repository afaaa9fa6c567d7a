import { create } from '@bufbuild/protobuf';
import { LabelledColumnsSchema, type LabelledColumns } from '../gen/moola/v1/rows_pb.js';
import type { LabelledRow } from '../rows.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { freshnessNames } from './labelled-reader.js';
import { packEveryNumber, packIndexes, packNumbers } from './packed.js';
import { SegmentsWriter } from './segments.js';

/** Packs labelled predictions, in order. */
export function packLabelled(rows: readonly LabelledRow[], dictionary: DictionaryWriter): LabelledColumns {
  const segments = new SegmentsWriter();
  const indexes = (index: (row: LabelledRow) => number): Uint8Array => packIndexes(Uint32Array.from(rows, index));
  const numbers = (number: (row: LabelledRow) => number): Uint8Array => packNumbers(Float64Array.from(rows, number));
  let input = '';
  let inputIndex = 0;
  return create(LabelledColumnsSchema, {
    models: indexes((row) => dictionary.index(row.model)),
    versions: indexes((row) => dictionary.index(row.version)),
    roles: indexes((row) => row.role),
    inputs: indexes((row) => {
      if (row.input !== input) {
        input = row.input;
        inputIndex = dictionary.append(input);
      }
      return inputIndex;
    }),
    predictedAtMs: numbers((row) => row.predictedAtMs),
    knownAtMs: packEveryNumber(Float64Array.from(rows, (row) => row.knownAtMs)),
    classes: indexes((row) => dictionary.index(row.class)),
    truths: indexes((row) => dictionary.index(row.truth)),
    scores: numbers((row) => row.score),
    freshness: indexes((row) => freshnessNames.indexOf(row.freshness)),
    previousTruths: indexes((row) => dictionary.index(row.previousTruth)),
    groups: numbers((row) => row.group),
    segments: indexes((row) => segments.index(row.segments)),
    segmentsDictionary: segments.sets,
  });
}
