import type { LabelledRow } from '../rows.js';
import type { DictionaryReader } from './dictionary-reader.js';
import type { DelimitedFields } from './fields.js';
import { checkIndexes, readIndexes, readNumbers, type IndexColumn } from './packed.js';
import { readSegments, type Segments } from './segments.js';

/** In the order of `LabelledColumns.freshness`. */
export const freshnessNames = ['new', 'repeated', 'corrected'] as const;

/** Field numbers of `LabelledColumns`. */
export const labelledField = {
  models: 1,
  versions: 2,
  roles: 3,
  inputs: 4,
  predictedAtMs: 5,
  knownAtMs: 6,
  classes: 7,
  truths: 8,
  scores: 9,
  freshness: 10,
  previousTruths: 11,
  groups: 12,
  segments: 13,
  segmentsDictionary: 14,
  values: 15,
  truthValues: 16,
} as const;

/** The columns of a record's labelled predictions. */
export class LabelledReader {
  readonly models: IndexColumn;
  readonly versions: IndexColumn;
  readonly roles: IndexColumn;
  readonly inputs: IndexColumn;
  readonly predictedAtMs: Float64Array;
  readonly knownAtMs: Float64Array;
  readonly classes: IndexColumn;
  readonly truths: IndexColumn;
  readonly scores: Float64Array;
  readonly freshness: IndexColumn;
  readonly previousTruths: IndexColumn;
  readonly groups: Float64Array;
  readonly segments: IndexColumn;
  readonly segmentSets: readonly Segments[];
  readonly values: Float64Array;
  readonly truthValues: Float64Array;

  /** @throws {Error} when a column has a wrong length, or points at what is not there */
  constructor(
    columns: DelimitedFields,
    readonly dictionary: DictionaryReader,
  ) {
    const field = labelledField;
    const count = columns.bytes(field.knownAtMs).length / 8;
    const texts = (number: number, name: string): IndexColumn =>
      checkIndexes(readIndexes(columns.bytes(number), count, name), dictionary.length, name);
    this.models = texts(field.models, 'models');
    this.versions = texts(field.versions, 'versions');
    this.roles = readIndexes(columns.bytes(field.roles), count, 'roles');
    this.inputs = texts(field.inputs, 'inputs');
    this.predictedAtMs = readNumbers(columns.bytes(field.predictedAtMs), count, 'predicted_at_ms');
    this.knownAtMs = readNumbers(columns.bytes(field.knownAtMs), count, 'known_at_ms');
    this.classes = texts(field.classes, 'classes');
    this.truths = texts(field.truths, 'truths');
    this.scores = readNumbers(columns.bytes(field.scores), count, 'scores');
    const freshness = readIndexes(columns.bytes(field.freshness), count, 'freshness');
    this.freshness = checkIndexes(freshness, freshnessNames.length, 'freshness');
    this.previousTruths = texts(field.previousTruths, 'previous_truths');
    this.groups = readNumbers(columns.bytes(field.groups), count, 'groups');
    this.segmentSets = readSegments(columns.all(field.segmentsDictionary));
    const segments = readIndexes(columns.bytes(field.segments), count, 'segments');
    this.segments = checkIndexes(segments, this.segmentSets.length, 'segments');
    this.values = readNumbers(columns.bytes(field.values), count, 'values');
    this.truthValues = readNumbers(columns.bytes(field.truthValues), count, 'truth_values');
  }

  get length(): number {
    return this.knownAtMs.length;
  }
}

/** A labelled prediction that lies in columns: nothing is made before it is asked for. */
export class LabelledView implements LabelledRow {
  constructor(
    readonly columns: LabelledReader,
    readonly row: number,
  ) {}

  get kind(): 'labelled' {
    return 'labelled';
  }
  get model(): string {
    return this.columns.dictionary.text(this.columns.models[this.row] as number);
  }
  get version(): string {
    return this.columns.dictionary.text(this.columns.versions[this.row] as number);
  }
  get role(): number {
    return this.columns.roles[this.row] as number;
  }
  get input(): string {
    return this.columns.dictionary.text(this.columns.inputs[this.row] as number);
  }
  get predictedAtMs(): number {
    return this.columns.predictedAtMs[this.row] as number;
  }
  get knownAtMs(): number {
    return this.columns.knownAtMs[this.row] as number;
  }
  get class(): string {
    return this.columns.dictionary.text(this.columns.classes[this.row] as number);
  }
  get truth(): string {
    return this.columns.dictionary.text(this.columns.truths[this.row] as number);
  }
  get value(): number {
    return this.columns.values[this.row] as number;
  }
  get truthValue(): number {
    return this.columns.truthValues[this.row] as number;
  }
  get score(): number {
    return this.columns.scores[this.row] as number;
  }
  get freshness(): LabelledRow['freshness'] {
    return freshnessNames[this.columns.freshness[this.row] as number] as LabelledRow['freshness'];
  }
  get previousTruth(): string {
    return this.columns.dictionary.text(this.columns.previousTruths[this.row] as number);
  }
  get group(): number {
    return this.columns.groups[this.row] as number;
  }
  get segments(): Segments {
    return this.columns.segmentSets[this.columns.segments[this.row] as number] as Segments;
  }
}

/** A labelled prediction as an object of its own. */
export function plainLabelled(row: LabelledRow): LabelledRow {
  return {
    kind: 'labelled',
    model: row.model,
    version: row.version,
    role: row.role,
    input: row.input,
    predictedAtMs: row.predictedAtMs,
    knownAtMs: row.knownAtMs,
    class: row.class,
    truth: row.truth,
    value: row.value,
    truthValue: row.truthValue,
    score: row.score,
    freshness: row.freshness,
    previousTruth: row.previousTruth,
    group: row.group,
    segments: row.segments,
  };
}
