import type { LabelledColumns } from '../gen/moola/v1/rows_pb.js';
import type { LabelledRow } from '../rows.js';
import type { DictionaryReader } from './dictionary-reader.js';
import { checkIndexes, readIndexes, readNumbers, type IndexColumn } from './packed.js';
import { readSegments, type Segments } from './segments.js';

/** In the order of `LabelledColumns.freshness`. */
export const freshnessNames = ['new', 'repeated', 'corrected'] as const;

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

  /** @throws {Error} when a column has a wrong length, or points at what is not there */
  constructor(
    columns: LabelledColumns,
    readonly dictionary: DictionaryReader,
  ) {
    const count = columns.knownAtMs.length / 8;
    const texts = (bytes: Uint8Array, name: string): IndexColumn =>
      checkIndexes(readIndexes(bytes, count, name), dictionary.length, name);
    this.models = texts(columns.models, 'models');
    this.versions = texts(columns.versions, 'versions');
    this.roles = readIndexes(columns.roles, count, 'roles');
    this.inputs = texts(columns.inputs, 'inputs');
    this.predictedAtMs = readNumbers(columns.predictedAtMs, count, 'predicted_at_ms');
    this.knownAtMs = readNumbers(columns.knownAtMs, count, 'known_at_ms');
    this.classes = texts(columns.classes, 'classes');
    this.truths = texts(columns.truths, 'truths');
    this.scores = readNumbers(columns.scores, count, 'scores');
    const freshness = readIndexes(columns.freshness, count, 'freshness');
    this.freshness = checkIndexes(freshness, freshnessNames.length, 'freshness');
    this.previousTruths = texts(columns.previousTruths, 'previous_truths');
    this.groups = readNumbers(columns.groups, count, 'groups');
    this.segmentSets = readSegments(columns.segmentsDictionary);
    const segments = readIndexes(columns.segments, count, 'segments');
    this.segments = checkIndexes(segments, this.segmentSets.length, 'segments');
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
    score: row.score,
    freshness: row.freshness,
    previousTruth: row.previousTruth,
    group: row.group,
    segments: row.segments,
  };
}
