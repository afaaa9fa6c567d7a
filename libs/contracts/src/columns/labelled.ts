import { create } from '@bufbuild/protobuf';
import { LabelledColumnsSchema, type LabelledColumns } from '../gen/moola/v1/rows_pb.js';
import type { LabelledRow } from '../rows.js';
import type { DictionaryWriter } from './dictionary.js';
import { packEveryNumber, packIndexes, packNumbers, readIndexes, readNumbers } from './packed.js';
import { at } from './predictions.js';
import { readSegments, SegmentsWriter } from './segments.js';

/** In the order of `LabelledColumns.freshness`. */
const freshnessNames = ['new', 'repeated', 'corrected'] as const;

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

/** @param count how many rows the columns hold. */
export function readLabelled(columns: LabelledColumns, strings: readonly string[], count: number): LabelledRow[] {
  const models = readIndexes(columns.models, count, 'models');
  const versions = readIndexes(columns.versions, count, 'versions');
  const roles = readIndexes(columns.roles, count, 'roles');
  const inputs = readIndexes(columns.inputs, count, 'inputs');
  const predictedAtMs = readNumbers(columns.predictedAtMs, count, 'predicted_at_ms');
  const knownAtMs = readNumbers(columns.knownAtMs, count, 'known_at_ms');
  const classes = readIndexes(columns.classes, count, 'classes');
  const truths = readIndexes(columns.truths, count, 'truths');
  const scores = readNumbers(columns.scores, count, 'scores');
  const freshness = readIndexes(columns.freshness, count, 'freshness');
  const previousTruths = readIndexes(columns.previousTruths, count, 'previous_truths');
  const groups = readNumbers(columns.groups, count, 'groups');
  const segments = readIndexes(columns.segments, count, 'segments');
  const segmentSets = readSegments(columns.segmentsDictionary);
  return Array.from({ length: count }, (_, row) => ({
    kind: 'labelled' as const,
    model: at(strings, models, row),
    version: at(strings, versions, row),
    role: roles[row] as number,
    input: at(strings, inputs, row),
    predictedAtMs: predictedAtMs[row] as number,
    knownAtMs: knownAtMs[row] as number,
    class: at(strings, classes, row),
    truth: at(strings, truths, row),
    score: scores[row] as number,
    freshness: at(freshnessNames, freshness, row),
    previousTruth: at(strings, previousTruths, row),
    group: groups[row] as number,
    segments: at(segmentSets, segments, row),
  }));
}
